import { lazy } from '../../base/lazy';
import { BytePairMerger } from './bytePairMerge';

/** A vocabulary, loaded and ready. */
export interface Tokenizer {
  readonly name: string;
  count(text: string): number;
  encode(text: string): readonly number[];
}

export const tokenizerNames = ['o200k_base', 'cl100k_base', 'p50k_base', 'r50k_base'] as const;
export type TokenizerName = (typeof tokenizerNames)[number];

/** What the package exports for one vocabulary, as far as it is used here. */
interface Encoding {
  readonly encode: (text: string, options: { disallowedSpecial: Set<string> }) => number[];
  readonly countTokens: (text: string, options: { disallowedSpecial: Set<string> }) => number;
}

interface Vocabulary {
  readonly encoding: Encoding;
  readonly ranks: readonly (string | readonly number[])[];
  /** Cuts a text into the pieces that merging never crosses. */
  readonly split: RegExp;
}

/** One dynamic import a vocabulary: each is megabytes of source that must not load before it is asked for. */
const vocabularies: Readonly<Record<TokenizerName, () => Promise<Vocabulary>>> = {
  o200k_base: lazy(async () => ({
    encoding: await import('gpt-tokenizer/encoding/o200k_base'),
    ranks: (await import('gpt-tokenizer/bpeRanks/o200k_base')).default,
    split: (await import('gpt-tokenizer/encodingParams/constants')).O200K_TOKEN_SPLIT_REGEX,
  })),
  cl100k_base: lazy(async () => ({
    encoding: await import('gpt-tokenizer/encoding/cl100k_base'),
    ranks: (await import('gpt-tokenizer/bpeRanks/cl100k_base')).default,
    split: (await import('gpt-tokenizer/encodingParams/constants')).CL100K_TOKEN_SPLIT_REGEX,
  })),
  p50k_base: lazy(async () => ({
    encoding: await import('gpt-tokenizer/encoding/p50k_base'),
    ranks: (await import('gpt-tokenizer/bpeRanks/p50k_base')).default,
    split: (await import('gpt-tokenizer/encodingParams/constants')).R50K_TOKEN_SPLIT_REGEX,
  })),
  r50k_base: lazy(async () => ({
    encoding: await import('gpt-tokenizer/encoding/r50k_base'),
    ranks: (await import('gpt-tokenizer/bpeRanks/r50k_base')).default,
    split: (await import('gpt-tokenizer/encodingParams/constants')).R50K_TOKEN_SPLIT_REGEX,
  })),
};

/** Rejects with a sentence that lists the known names when `name` is none of them. GPT-2's own vocabulary is `r50k_base`. */
export async function loadTokenizer(name: string): Promise<Tokenizer> {
  if (!isTokenizerName(name)) {
    throw new Error(`Unknown tokenizer "${name}". Known: ${tokenizerNames.join(', ')}.`);
  }
  return new PlainTextTokenizer(name, await vocabularies[name]());
}

/** Reads `<|endoftext|>` and its like as the characters they are: in a dataset they are text. */
const asPlainText = { disallowedSpecial: new Set<string>() };

/** The package merges a piece in quadratic time; pieces this long go to `BytePairMerger` instead, with the same result. */
const longPiece = 256;
const longRun = /\S{255}|\s{255}/u;

function hasLongRun(text: string): boolean {
  return text.length >= longPiece && longRun.test(text);
}

class PlainTextTokenizer implements Tokenizer {
  readonly name: TokenizerName;
  readonly #encoding: Encoding;
  readonly #split: RegExp;
  readonly #merger: () => BytePairMerger;

  constructor(name: TokenizerName, vocabulary: Vocabulary) {
    this.name = name;
    this.#encoding = vocabulary.encoding;
    this.#split = vocabulary.split;
    this.#merger = lazy(() => new BytePairMerger(vocabulary.ranks));
  }

  count(text: string): number {
    return hasLongRun(text) ? this.#encodeLong(text).length : this.#encoding.countTokens(text, asPlainText);
  }

  encode(text: string): readonly number[] {
    return hasLongRun(text) ? this.#encodeLong(text) : this.#encoding.encode(text, asPlainText);
  }

  #encodeLong(text: string): number[] {
    const ids: number[] = [];
    for (const [piece] of text.matchAll(this.#split)) {
      const part =
        piece.length < longPiece ? this.#encoding.encode(piece, asPlainText) : this.#merger().merge(piece);
      for (const id of part) ids.push(id);
    }
    return ids;
  }
}

function isTokenizerName(name: string): name is TokenizerName {
  return tokenizerNames.some((known) => known === name);
}
