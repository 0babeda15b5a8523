/** Two neighbouring parts of a piece that a rule merges. */
export interface Pair {
  readonly rank: number;
  readonly start: number;
  readonly end: number;
}

/** Binary min-heap by rank, then by place. */
export class PairHeap {
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
