import { type ChatTemplate, chatLayout, type ChatLayout } from './chatTemplate';
import type { CheckpointTokenizer } from './checkpointTokenizer';

/** A question and its answer as token ids. */
export interface EncodedExchange {
  readonly ids: readonly number[];
  /** Where the prompt's tokens begin and end: what may be cut from a conversation that is too long. */
  readonly prompt: readonly [from: number, to: number];
}

/** The plain form: prompt and response on lines of their own, after the BOS that the tokenizer would put there. */
export function plainForm(tokenizer: CheckpointTokenizer, prompt: string, response: string): EncodedExchange {
  const begin = tokenizer.bos === undefined ? [] : [tokenizer.bos];
  return { ids: [...begin, ...tokenizer.encode(`${prompt}\n${response}`)], prompt: [begin.length, begin.length + tokenizer.encode(`${prompt}\n`).length] };
}

/** A model's own chat format. Special tokens are those that the template writes; in the texts they stay the characters they are. */
export class ChatForm {
  readonly #tokenizer: CheckpointTokenizer;
  readonly #layout: ChatLayout;
  readonly #special: RegExp | undefined;

  /** @throws CheckpointError when the template cannot be used. */
  constructor(template: ChatTemplate, tokenizer: CheckpointTokenizer) {
    this.#tokenizer = tokenizer;
    this.#layout = chatLayout(template);
    const longestFirst = [...tokenizer.special.keys()].sort((a, b) => b.length - a.length);
    this.#special = longestFirst.length === 0 ? undefined : new RegExp(`(${longestFirst.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')})`, 'u');
  }

  encode(prompt: string, response: string): EncodedExchange {
    const ids: number[] = [];
    let run = '';
    let from: number | undefined;
    let to: number | undefined;
    const flush = () => {
      ids.push(...this.#tokenizer.encode(run));
      run = '';
    };
    for (const piece of this.#layout.pieces) {
      if (piece.kind === 'template') {
        for (const part of this.#special === undefined ? [piece.text] : piece.text.split(this.#special)) {
          const id = this.#tokenizer.special.get(part);
          if (id === undefined) {
            run += part;
            continue;
          }
          flush();
          to ??= from === undefined ? undefined : ids.length;
          ids.push(id);
        }
        continue;
      }
      if (piece.kind === 'prompt') from = ids.length + this.#tokenizer.encode(run).length;
      else to ??= ids.length + this.#tokenizer.encode(run).length;
      const text = piece.kind === 'prompt' ? prompt : response;
      run += this.#layout.trims ? text.trim() : text;
    }
    flush();
    return { ids, prompt: [from ?? 0, to ?? ids.length] };
  }
}
