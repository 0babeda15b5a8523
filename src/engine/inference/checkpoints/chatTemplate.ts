import path from 'node:path';
import { Template } from '@huggingface/jinja';
import { z } from 'zod';
import { errorMessage } from '../../../base/errorMessage';
import { readJson, readWhole } from './boundedRead';
import { CheckpointError } from './checkpointError';

/** A model's own chat format, in Jinja. */
export interface ChatTemplate {
  /** That errors name. */
  readonly file: string;
  readonly source: string;
  /** Texts of special tokens that the template may write. */
  readonly bos: string;
  readonly eos: string;
}

const configBytes = 4 * 2 ** 20;
const templateBytes = 1 << 18;

const tokenText = z.union([z.string(), z.looseObject({ content: z.string() }).transform(({ content }) => content)]).nullish();
const configSchema = z.looseObject({
  bos_token: tokenText,
  eos_token: tokenText,
  chat_template: z.union([z.string(), z.array(z.looseObject({ name: z.string(), template: z.string() }))]).nullish(),
});

/** From chat_template.jinja, else tokenizer_config.json; undefined where the model has none. Rejects with `CheckpointError`. */
export async function readChatTemplate(folder: string): Promise<ChatTemplate | undefined> {
  const configFile = path.join(folder, 'tokenizer_config.json');
  const parsed = configSchema.safeParse((await readJson(configFile, configBytes)) ?? {});
  if (!parsed.success) throw new CheckpointError(`${configFile} is not in its form (${parsed.error.issues[0]?.message ?? 'unknown'}); fetch it again.`);
  const { bos_token: bos, eos_token: eos, chat_template: listed } = parsed.data;
  const ownFile = path.join(folder, 'chat_template.jinja');
  const own = await readWhole(ownFile, templateBytes);
  const named = typeof listed === 'string' ? listed : listed?.find(({ name }) => name === 'default')?.template;
  const [file, source] = own === undefined ? [configFile, named] : [ownFile, own.toString('utf8')];
  return source === undefined ? undefined : { file, source, bos: bos ?? '', eos: eos ?? '' };
}

/** A piece of a rendered conversation: text of the template itself, or the place of the prompt or the response. */
export type ChatPiece = { readonly kind: 'template'; readonly text: string } | { readonly kind: 'prompt' | 'response' };

/** How a template lays out one question and its answer. */
export interface ChatLayout {
  readonly pieces: readonly ChatPiece[];
  /** The template takes white space off the ends of texts. */
  readonly trims: boolean;
}

/** Stand in for texts while the template is rendered, so that no text of a dataset is ever read as template or as a special token. */
const places = { prompt: 'cupelPrompt7f3a', response: 'cupelResponse7f3a' } as const;

/** @throws CheckpointError when the template cannot be rendered, or leaves a text out. */
export function chatLayout({ file, source, bos, eos }: ChatTemplate): ChatLayout {
  const rendered = (prompt: string, response: string) => {
    try {
      return new Template(source).render({
        messages: [
          { role: 'user', content: prompt },
          { role: 'assistant', content: response },
        ],
        add_generation_prompt: false,
        bos_token: bos,
        eos_token: eos,
      });
    } catch (error) {
      throw new CheckpointError(`The chat template in ${file} cannot be rendered (${errorMessage(error).slice(0, 200)}); use a model with another one, or a server that knows it.`);
    }
  };
  const text = rendered(places.prompt, places.response);
  const pieces = text
    .split(new RegExp(`(${places.prompt}|${places.response})`, 'u'))
    .filter((piece) => piece !== '')
    .map((piece): ChatPiece => (piece === places.prompt ? { kind: 'prompt' } : piece === places.response ? { kind: 'response' } : { kind: 'template', text: piece }));
  for (const kind of ['prompt', 'response'] as const) {
    if (pieces.filter((piece) => piece.kind === kind).length !== 1) throw new CheckpointError(`The chat template in ${file} does not show the ${kind} once; use a model with another one.`);
  }
  return { pieces, trims: !rendered(` ${places.prompt} `, ` ${places.response} `).includes(` ${places.response} `) };
}
