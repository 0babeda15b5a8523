import type { Measurement } from '../../../src/core/scores/catalogue';
import { commandId } from '../../../src/protocol/commands';
import { defaultSettings, type Settings } from '../../../src/protocol/settings';
import { inlayHints } from '../../../src/languageService/inlayHints';
import { OpenDataset } from '../../../src/server/openDataset';

export const uri = 'file:///data/example.jsonl';

export interface ExampleOptions {
  readonly settings?: Partial<Settings>;
  /** The editor has Cupel's commands. Default true. */
  readonly commands?: boolean;
  readonly images?: boolean;
}

/** A dataset as the server holds it, with its lines read and nothing measured. */
export function exampleDataset(text: string, { settings, commands = true, images = false }: ExampleOptions = {}): OpenDataset {
  const dataset = new OpenDataset(uri, 1, text, { settings: { ...defaultSettings, ...settings }, images, commands: commands ? commandId : undefined });
  for (let line = 0; line < dataset.lineCount; line++) dataset.parsed(line);
  return dataset;
}

/** What scorers could say about a record, in the words of a test. */
export interface Said {
  readonly words?: number;
  readonly tokens?: number;
  readonly chars?: number;
  readonly reward?: number;
  /** Mean losses in nats. */
  readonly cond?: number;
  readonly direct?: number;
  readonly prompt?: number;
  readonly reason?: string;
  /** Default `embedded@1`, which is an estimate. */
  readonly scorer?: string;
}

/** Hands the scores of the record on a line to the dataset. */
export function learn(dataset: OpenDataset, said: Readonly<Record<number, Said>>): Promise<void> {
  for (const [line, scores] of Object.entries(said)) {
    const key = dataset.record(Number(line))?.exchanges[0]?.key;
    if (key === undefined) throw new Error(`no response on line ${line}`);
    dataset.learn([measurement(key, scores)]);
  }
  return Promise.resolve();
}

function measurement(key: string, { words, tokens, chars, reward, cond, direct, prompt, reason, scorer = 'embedded@1' }: Said): Measurement {
  const sum = (mean: number | undefined) => (mean === undefined ? undefined : { sum: mean * 10, tokens: 10 });
  const [c, d, q] = [sum(cond), sum(direct), sum(prompt)];
  return {
    key,
    ...(tokens !== undefined && { length: { words: words ?? tokens, tokens, chars: chars ?? tokens * 4, tokenizer: 'o200k_base' } }),
    ...(reward !== undefined && { reward: { scorer, value: reward } }),
    ...((c ?? reason) !== undefined && { loss: { scorer, ...(c && { cond: c }), ...(d && { direct: d }), ...(q && { prompt: q }), ...(reason !== undefined && { reason }) } }),
  };
}

/** The dataset with its badges printed where an editor draws them; records cut to keep the picture small. */
export function withBadges(dataset: OpenDataset): string {
  const badges = new Map(inlayHints(dataset, 0, dataset.lineCount).map((hint) => [hint.position.line, labelOf(hint)]));
  return Array.from({ length: dataset.lineCount }, (_, line) => {
      const text = dataset.lineText(line);
      const badge = badges.get(line);
      return `${badge === undefined ? '' : `[${badge}] `}${text.length > 23 ? `${text.slice(0, 23)}…` : text}`;
    })
    .join('\n');
}

export function labelOf({ label }: { readonly label: string | readonly { readonly value: string }[] }): string {
  return typeof label === 'string' ? label : label.map(({ value }) => value).join('');
}

export function alpaca(instruction: string, output: string): string {
  return JSON.stringify({ instruction, output });
}
