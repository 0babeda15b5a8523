import { BPE } from '@huggingface/tokenizers';
import { PairHeap } from '../pairHeap';
import { writeBytes } from './byteCharacters';

/** Pieces whose tokens are kept: words come again, long runs seldom. */
const keptPieces = 50_000;
const longestKept = 64;
/** More than any id or rank. */
const radix = 2 ** 25;

export type BpeConfig = ConstructorParameters<typeof BPE>[0];

/**
 * The library's BPE with its merging replaced and words remembered: the same tokens (the adjacent pair whose rule comes
 * first, the leftmost among equals) several times faster, which is what tokenising costs.
 */
export class MergeRules extends BPE {
  readonly #ids: ReadonlyMap<string, number>;
  /** By left · radix + right: rank · radix + id of the merged token. */
  readonly #rules = new Map<number, number>();
  readonly #kept = new Map<string, readonly string[]>();
  readonly #byteLevel: boolean;

  /** Every token of `merges` is in the vocabulary; `config` has no merges. `byteLevel`: pieces are written as bytes first. */
  constructor(config: BpeConfig, merges: readonly (readonly [left: string, right: string])[], byteLevel: boolean) {
    super(config);
    this.#byteLevel = byteLevel;
    this.#ids = this.tokens_to_ids;
    const id = (token: string) => this.#ids.get(token) ?? radix;
    merges.forEach(([left, right], rank) => {
      this.#rules.set(id(left) * radix + id(right), rank * radix + id(left + right));
    });
  }

  override encode(pieces: string[]): string[] {
    const tokens: string[] = [];
    for (const piece of pieces) for (const token of this.#kept.get(piece) ?? this.#encodePiece(piece)) tokens.push(token);
    return tokens;
  }

  #encodePiece(piece: string): readonly string[] {
    const tokens = super.encode([this.#byteLevel ? writeBytes(piece) : piece]);
    if (piece.length <= longestKept) {
      if (this.#kept.size >= keptPieces) this.#kept.clear();
      this.#kept.set(piece, tokens);
    }
    return tokens;
  }

  override bpe(piece: string): string[] {
    // Parts are a doubly linked list over the characters: part i spans characters [i, next[i]).
    const characters = Array.from(piece);
    const size = characters.length;
    const ids = Float64Array.from(characters, (character) => this.#ids.get(character) ?? -1);
    const next = Int32Array.from({ length: size }, (_, i) => i + 1);
    const previous = Int32Array.from({ length: size }, (_, i) => i - 1);
    const heap = new PairHeap();
    const ruleAt = (start: number, middle: number) => this.#rules.get((ids[start] ?? -1) * radix + (ids[middle] ?? -1));
    const offer = (start: number): void => {
      const middle = next[start] ?? size;
      const rule = middle < size ? ruleAt(start, middle) : undefined;
      if (rule !== undefined) heap.push({ rank: Math.floor(rule / radix), start, end: next[middle] ?? size });
    };
    for (let i = 0; i < size - 1; i++) offer(i);

    for (let pair = heap.pop(); pair !== undefined; pair = heap.pop()) {
      const { start, end, rank } = pair;
      const middle = next[start] ?? size;
      // An entry is stale once either of its parts was merged with something else; a merged-away part has no id.
      if (ids[start] === -1 || middle >= size || next[middle] !== end) continue;
      const rule = ruleAt(start, middle);
      if (rule === undefined || Math.floor(rule / radix) !== rank) continue;
      ids[start] = rule % radix;
      ids[middle] = -1;
      next[start] = end;
      if (end < size) previous[end] = start;
      offer(start);
      const before = previous[start] ?? -1;
      if (before >= 0) offer(before);
    }

    const tokens: string[] = [];
    for (let i = 0; i < size; i = next[i] ?? size) tokens.push(next[i] === i + 1 ? (characters[i] ?? '') : characters.slice(i, next[i]).join(''));
    return tokens;
  }
}
