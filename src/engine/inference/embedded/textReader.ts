import type { Tokenizer } from '../tokenizer';
import type { NgramModel } from './ngramModel';

/** GPT-2's context: what the published procedure cuts to. */
export const contextTokens = 1024;
/** Fills the context with any ordinary text. */
const firstReadLimit = 16 * contextTokens;
/** No GPT-2 token is longer than 128 characters, so this many fill the context with any text. */
const readLimit = 128 * contextTokens;
export const newlineToken = 198;
/** Stands for "nothing before". */
export const noToken = 0xffff;

/** A text as the features read it. */
export interface TokenisedText {
  readonly text: string;
  /** GPT-2's, cut to its context. */
  readonly tokens: readonly number[];
  /** −ln p of each token under the static model, read as if a new line came before the text. */
  readonly costs: Float64Array;
}

/** Turns texts into tokens with their costs. Remembers the last few, since a record's losses and reward read the same two. */
export class TextReader {
  readonly #tokenizer: Tokenizer;
  readonly #ngrams: NgramModel;
  #recent: readonly TokenisedText[] = [];

  /** The tokenizer is GPT-2's. */
  constructor(tokenizer: Tokenizer, ngrams: NgramModel) {
    this.#tokenizer = tokenizer;
    this.#ngrams = ngrams;
  }

  read(text: string): TokenisedText {
    const known = this.#recent.find((recent) => recent.text === text);
    if (known !== undefined) return known;
    const read = this.#tokenise(text);
    this.#recent = [read, ...this.#recent.slice(0, remembered - 1)];
    return read;
  }

  #tokenise(text: string): TokenisedText {
    let all = this.#tokenizer.encode(text.length > firstReadLimit ? text.slice(0, firstReadLimit) : text);
    if (all.length < contextTokens && text.length > firstReadLimit) all = this.#tokenizer.encode(text.slice(0, readLimit));
    const tokens = all.length > contextTokens ? all.slice(0, contextTokens) : all;
    const costs = new Float64Array(tokens.length);
    let before = noToken;
    let previous = newlineToken;
    tokens.forEach((token, i) => {
      costs[i] = this.#ngrams.trigram(before, previous, token);
      before = previous;
      previous = token;
    });
    return { text, tokens, costs };
  }
}

const remembered = 2;
