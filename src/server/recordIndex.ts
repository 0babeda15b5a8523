import { DatasetLine, type Slot } from './datasetLine';
import type { LineBlock } from './lineBlock';

/** The number of a standing block's first line. */
export type FirstLine = (block: LineBlock<Slot>) => number;

/** Which lines share a key. A cluster's line numbers are worked out when somebody asks, once between two edits. */
export class RecordIndex {
  readonly #clusters = new Map<string, DatasetLine | Cluster>();
  readonly #firstLine: FirstLine;

  constructor(firstLine: FirstLine) {
    this.#firstLine = firstLine;
  }

  add(key: string, line: DatasetLine): void {
    const known = this.#clusters.get(key);
    if (known === undefined) this.#clusters.set(key, line);
    else if (known instanceof Cluster) known.add(line);
    else this.#clusters.set(key, new Cluster([known, line]));
  }

  delete(key: string, line: DatasetLine): void {
    const known = this.#clusters.get(key);
    if (known === line) this.#clusters.delete(key);
    if (!(known instanceof Cluster)) return;
    known.delete(line);
    if (known.size === 0) this.#clusters.delete(key);
  }

  /** The lines with this key, ascending. @param edits how many edits there were: numbers hold between two. */
  lines(key: string, edits: number): readonly number[] {
    const known = this.#clusters.get(key);
    if (known === undefined) return [];
    return known instanceof Cluster ? known.numbers(edits, this.#firstLine) : numbersOf(new Set([known]), this.#firstLine);
  }

  /** The first two lines with this key and how many follow; undefined when there are no two. */
  firstTwo(key: string, edits: number): { readonly first: number; readonly second: number; readonly more: number } | undefined {
    if (!(this.#clusters.get(key) instanceof Cluster)) return undefined;
    const [first, second] = this.lines(key, edits);
    return first === undefined || second === undefined ? undefined : { first, second, more: this.count(key) - 2 };
  }

  /** How many lines have this key. */
  count(key: string): number {
    const known = this.#clusters.get(key);
    return known instanceof Cluster ? known.size : known === undefined ? 0 : 1;
  }
}

class Cluster {
  readonly #lines: Set<DatasetLine>;
  #numbers: readonly number[] | undefined;
  #edits = -1;

  constructor(lines: readonly DatasetLine[]) {
    this.#lines = new Set(lines);
  }

  get size(): number {
    return this.#lines.size;
  }

  add(line: DatasetLine): void {
    this.#lines.add(line);
    this.#numbers = undefined;
  }

  delete(line: DatasetLine): void {
    this.#lines.delete(line);
    this.#numbers = undefined;
  }

  numbers(edits: number, firstLine: FirstLine): readonly number[] {
    if (this.#numbers === undefined || this.#edits !== edits) {
      this.#numbers = numbersOf(this.#lines, firstLine);
      this.#edits = edits;
    }
    return this.#numbers;
  }
}

function numbersOf(lines: ReadonlySet<DatasetLine>, firstLine: FirstLine): readonly number[] {
  const blocks = new Set<LineBlock<Slot>>();
  for (const { block } of lines) if (block) blocks.add(block);
  const numbers: number[] = [];
  for (const block of [...blocks].sort((a, b) => a.at - b.at)) {
    const first = firstLine(block);
    for (const [index, slot] of block.slots.entries()) if (slot instanceof DatasetLine && lines.has(slot)) numbers.push(first + index);
  }
  return numbers;
}
