import { PairHeap } from './pairHeap';

/**
 * Byte-pair merging in O(n log n) for pieces of thousands of bytes, where the tokenizer package's own loop is quadratic.
 * Same result: always the adjacent pair of lowest rank, the leftmost among equals.
 */
export class BytePairMerger {
  readonly #ranks = new Map<string, number>();

  /** `vocabulary[rank]` is a token as text, or as bytes where those are no valid UTF-8. */
  constructor(vocabulary: readonly (string | readonly number[])[]) {
    const encoder = new TextEncoder();
    vocabulary.forEach((token, rank) => {
      const bytes = typeof token === 'string' ? encoder.encode(token) : Uint8Array.from(token);
      this.#ranks.set(binaryString(bytes, 0, bytes.length), rank);
    });
  }

  /** Token ids of one piece; a lone surrogate counts as U+FFFD. */
  merge(piece: string): number[] {
    const bytes = new TextEncoder().encode(piece);
    const text = binaryString(bytes, 0, bytes.length);
    const size = bytes.length;
    // Parts are a doubly linked list over byte offsets: part i spans [i, next[i]).
    const next = Int32Array.from({ length: size + 1 }, (_, i) => i + 1);
    const previous = Int32Array.from({ length: size + 1 }, (_, i) => i - 1);
    const alive = new Uint8Array(size).fill(1);
    const heap = new PairHeap();
    const offer = (start: number): void => {
      const middle = next[start] ?? size;
      if (middle >= size) return;
      const end = next[middle] ?? size;
      const rank = this.#ranks.get(text.slice(start, end));
      if (rank !== undefined) heap.push({ rank, start, end });
    };
    for (let i = 0; i < size - 1; i++) offer(i);

    for (let pair = heap.pop(); pair !== undefined; pair = heap.pop()) {
      const middle = next[pair.start] ?? size;
      // An entry is stale once either of its parts was merged with something else.
      if (alive[pair.start] !== 1 || middle >= size || (next[middle] ?? size) !== pair.end) continue;
      alive[middle] = 0;
      next[pair.start] = pair.end;
      if (pair.end < size) previous[pair.end] = pair.start;
      offer(pair.start);
      const before = previous[pair.start] ?? -1;
      if (before >= 0) offer(before);
    }

    const ids: number[] = [];
    for (let i = 0; i < size; i = next[i] ?? size) {
      const rank = this.#ranks.get(text.slice(i, next[i]));
      if (rank === undefined) throw new Error('the vocabulary lacks a single byte');
      ids.push(rank);
    }
    return ids;
  }
}

/** One character a byte, so that byte sequences are cheap map keys. */
function binaryString(bytes: Uint8Array, start: number, end: number): string {
  const step = 8192;
  let text = '';
  for (let i = start; i < end; i += step) text += String.fromCharCode(...bytes.subarray(i, Math.min(end, i + step)));
  return text;
}
