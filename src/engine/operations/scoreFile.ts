import type { DataRecord, Exchange } from '../../core/record/conversation';
import type { InvalidLine } from '../../core/record/parseRecord';
import { plainPrompt } from '../../core/record/template';
import { carOffset, type CarOffsetMode } from '../../core/scores/car';
import type { Measurement, Metric, ScoreSet } from '../../core/scores/catalogue';
import { deriveScores } from '../../core/scores/derive';
import type { Engine, ScoreItem, ScoreRunSummary } from '../engine';
import { readDataset } from '../files/dataset';

/** How CAR is computed. */
export interface CarOptions {
  readonly beta: number;
  readonly offset: CarOffsetMode;
}

export interface ScoreFileOptions extends CarOptions {
  readonly metrics: ReadonlySet<Metric>;
  /** Only the i-th of n parts (1-based): records are dealt out in turn, lines keep their numbers. */
  readonly shard?: { readonly index: number; readonly count: number };
  readonly signal?: AbortSignal;
  /** Exchanges done so far; the total is known only once the file has been read. */
  readonly onProgress?: (done: number) => void;
}

/** A non-empty line of a dataset with what was measured: no text is kept, so a large file stays cheap. */
export type ScoredLine = InvalidScoredLine | ScoredRecord;

export interface InvalidScoredLine {
  readonly line: number;
  readonly status: 'invalid';
  readonly problem: InvalidLine;
}

export interface ScoredRecord {
  readonly line: number;
  readonly status: 'ok';
  readonly shape: DataRecord['shape'];
  readonly key: string;
  readonly promptKey: string;
  /** In the record's order; the first is the one that stands for the record. Empty when nothing answers the prompt. */
  readonly exchanges: readonly ScoredExchange[];
}

export interface ScoredExchange {
  readonly name: string;
  readonly key: string;
  readonly measurement: Measurement;
  readonly scores: ScoreSet;
}

export interface ScoredFile extends ScoreRunSummary {
  readonly lines: readonly ScoredLine[];
  /** What was added to every reward before CAR; undefined when CAR is undefined because rewards are negative. */
  readonly offset: number | undefined;
}

/** Records handed to the engine at once: bounds the text in memory. */
const chunkSize = 8192;

type MeasuredLine = InvalidScoredLine | (Omit<ScoredRecord, 'exchanges'> & { readonly exchanges: readonly { readonly name: string; readonly key: string }[] });

/**
 * Scores every record of a dataset file, in file order.
 *
 * @throws DatasetError when the file cannot be read; the signal's reason when aborted (what was finished is kept).
 */
export async function scoreFile(engine: Engine, file: string, options: ScoreFileOptions): Promise<ScoredFile> {
  const measured = new Map<string, Measurement>();
  const lines: MeasuredLine[] = [];
  let computed = 0;
  let reused = 0;
  let waiting = new Map<string, ScoreItem>();

  const flush = async () => {
    const before = measured.size;
    const summary = await engine.score({
      items: [...waiting.values()],
      metrics: options.metrics,
      ...(options.signal && { signal: options.signal }),
      onMeasured: (batch) => {
        for (const measurement of batch) measured.set(measurement.key, measurement);
      },
      onProgress: (done) => options.onProgress?.(before + done),
    });
    computed += summary.computed;
    reused += summary.reused;
    waiting = new Map();
  };

  let ordinal = 0;
  for await (const { number, parsed } of readDataset(file, options.signal)) {
    if (parsed.status === 'empty') continue;
    const mine = !options.shard || ordinal % options.shard.count === options.shard.index - 1;
    ordinal += 1;
    if (!mine) continue;
    if (parsed.status === 'invalid') {
      lines.push({ line: number, status: 'invalid', problem: parsed });
      continue;
    }
    const { record } = parsed;
    lines.push({
      line: number,
      status: 'ok',
      shape: record.shape,
      key: record.key,
      promptKey: record.promptKey,
      exchanges: record.exchanges.map(({ name, key }) => ({ name, key })),
    });
    for (const exchange of record.exchanges) {
      if (!measured.has(exchange.key)) waiting.set(exchange.key, scoreItem(exchange));
    }
    if (waiting.size >= chunkSize) await flush();
  }
  if (waiting.size > 0) await flush();

  const rewards = [...measured.values()].flatMap((measurement) => measurement.reward?.value ?? []);
  const { offset } = carOffset(rewards, options.offset);
  return { computed, reused, offset, lines: lines.map((line) => withScores(line, measured, options.beta, offset)) };
}

/** An exchange as the scorers see it, under the `plain` template. */
export function scoreItem(exchange: Exchange): ScoreItem {
  return { key: exchange.key, prompt: plainPrompt(exchange.prompt), response: exchange.response.text };
}

function withScores(line: MeasuredLine, measured: ReadonlyMap<string, Measurement>, beta: number, offset: number | undefined): ScoredLine {
  if (line.status === 'invalid') return line;
  const exchanges = line.exchanges.map(({ name, key }) => {
    const measurement = measured.get(key) ?? { key };
    return { name, key, measurement, scores: deriveScores(measurement, { beta, offset }) };
  });
  return { ...line, exchanges };
}
