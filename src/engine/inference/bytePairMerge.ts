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

interface Pair {
  readonly rank: number;
  readonly start: number;
  readonly end: number;
}

/** Binary min-heap by rank, then by place. */
class PairHeap {
  readonly #items: Pair[] = [];

  push(pair: Pair): void {
    const items = this.#items;
    let i = items.length;
    items.push(pair);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = items[parent];
      if (above === undefined || !comesBefore(pair, above)) break;
      items[i] = above;
      i = parent;
    }
    items[i] = pair;
  }

  pop(): Pair | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || last === undefined || items.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      let least = items[child];
      if (least === undefined) break;
      const right = items[child + 1];
      if (right !== undefined && comesBefore(right, least)) {
        least = right;
        child += 1;
      }
      if (!comesBefore(least, last)) break;
      items[i] = least;
      i = child;
    }
    items[i] = last;
    return top;
  }
}

function comesBefore(a: Pair, b: Pair): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.start < b.start);
}

/** One character a byte, so that byte sequences are cheap map keys. */
function binaryString(bytes: Uint8Array, start: number, end: number): string {
  const step = 8192;
  let text = '';
  for (let i = start; i < end; i += step) text += String.fromCharCode(...bytes.subarray(i, Math.min(end, i + step)));
  return text;
}
