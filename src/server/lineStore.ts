import type { Position, TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { blockLength, cutBlocks, LineBlock } from './lineBlock';

/** Where a line stands. */
export interface LinePlace<S> {
  readonly block: LineBlock<S>;
  /** In the block. */
  readonly index: number;
}

/** All lines as they were at one moment, to be passed through while the document is edited. */
export class LineSnapshot<S> implements Iterable<LinePlace<S>> {
  readonly #blocks: readonly LineBlock<S>[];
  readonly length: number;

  constructor(blocks: readonly LineBlock<S>[]) {
    this.#blocks = blocks;
    this.length = blocks.reduce((count, block) => count + block.lineCount, 0);
  }

  *[Symbol.iterator](): Generator<LinePlace<S>> {
    for (const block of this.#blocks) for (let index = 0; index < block.lineCount; index++) yield { block, index };
  }

  slice(from: number, to: number): LinePlace<S>[] {
    const places: LinePlace<S>[] = [];
    let first = 0;
    for (const block of this.#blocks) {
      const [start, end] = [Math.max(0, from - first), Math.min(block.lineCount, to - first)];
      for (let index = start; index < end; index++) places.push({ block, index });
      first += block.lineCount;
    }
    return places;
  }
}

/** What the owner of the slots does when an edit moves, makes and removes lines. */
export interface SlotKeeper<S> {
  /** This block is about to be replaced; its slots may still be filled. */
  leaving(block: LineBlock<S>): void;
  /** This block stands in the document now, its slots filled. */
  placed(block: LineBlock<S>): void;
  removed(slot: S | undefined, text: string): void;
  /** What a new line starts with; `before` is what an edited line that stood there kept. */
  made(text: string, before: S | undefined): S | undefined;
}

/**
 * A document as its lines. An edit costs what the touched blocks hold and nothing for the other lines, of which each keeps
 * its slot. Blocks are found by halving; their places are counted anew after an edit, some microseconds for a large file.
 */
export class LineStore<S> {
  #blocks: LineBlock<S>[] = [];
  #firsts = new Uint32Array(0);
  /** Places are right for the blocks before this one. */
  #counted = 0;
  #lineCount = 0;
  readonly #keeper: SlotKeeper<S>;

  constructor(text: string, keeper: SlotKeeper<S>) {
    this.#keeper = keeper;
    this.#put(0, 0, text, true, undefined);
  }

  get lineCount(): number {
    return this.#lineCount;
  }

  get blocks(): readonly LineBlock<S>[] {
    return this.#blocks;
  }

  snapshot(): LineSnapshot<S> {
    return new LineSnapshot(this.#blocks);
  }

  place(line: number): LinePlace<S> | undefined {
    if (line < 0 || line >= this.#lineCount) return undefined;
    this.#count();
    let [low, high] = [0, this.#blocks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#firsts[middle] ?? Infinity) <= line) low = middle;
      else high = middle - 1;
    }
    const block = this.#blocks[low];
    return block && { block, index: line - (this.#firsts[low] ?? 0) };
  }

  /** The number of a standing block's first line. */
  firstLine(block: LineBlock<S>): number {
    this.#count();
    return this.#firsts[block.at] ?? 0;
  }

  text(line: number): string {
    const place = this.place(line);
    return place ? place.block.text(place.index) : '';
  }

  /** Applies one change of `textDocument/didChange`. A line whose text is among the replaced ones keeps its slot. */
  change(change: TextDocumentContentChangeEvent): void {
    const { start, end } = 'range' in change ? ordered(change.range.start, change.range.end) : { start: { line: 0, character: 0 }, end: { line: this.#lineCount, character: 0 } };
    let first = Math.min(start.line, this.#lineCount - 1);
    const last = Math.min(end.line, this.#lineCount - 1);
    let head = this.text(first).slice(0, start.line > first ? undefined : start.character);
    const to = this.#require(last);
    const tail = end.line > last ? '' : to.block.text(to.index).slice(end.character) + to.block.lineEnd(to.index);
    const above = this.place(first - 1);
    // A line feed that comes to stand behind a lone carriage return makes one line end of both.
    if (above?.block.lineEnd(above.index) === '\r') {
      head = above.block.raw(above.index, above.index + 1) + head;
      first -= 1;
    }
    this.#replace(this.#require(first), to, head + change.text + tail);
  }

  #replace(from: LinePlace<S>, to: LinePlace<S>, region: string): void {
    const ends = to.block.at === this.#blocks.length - 1;
    const reachesEnd = ends && to.index === to.block.lineCount - 1;
    const touched = this.#blocks.slice(from.block.at, to.block.at + 1);
    for (const block of touched) this.#keeper.leaving(block);
    const replaced: Line<S>[] = [];
    for (const block of touched) {
      const stop = block === to.block ? to.index + 1 : block.lineCount;
      for (let index = block === from.block ? from.index : 0; index < stop; index++) replaced.push({ text: block.text(index), slot: block.slots[index] });
    }
    const texts = splitLines(region);
    if (!reachesEnd) texts.pop();
    let text = from.block.raw(0, from.index) + region + to.block.raw(to.index + 1, to.block.lineCount);
    let slots = [...from.block.slots.slice(0, from.index), ...this.#match(replaced, texts), ...to.block.slots.slice(to.index + 1)];
    let [at, count] = [from.block.at, touched.length];
    const neighbour = this.#blocks[at - 1];
    if (text.length < blockLength / 4 && neighbour) {
      this.#keeper.leaving(neighbour);
      text = neighbour.raw(0, neighbour.lineCount) + text;
      slots = [...neighbour.slots, ...slots];
      [at, count] = [at - 1, count + 1];
    }
    this.#put(at, count, text, ends, slots);
  }

  /** The slots of the lines that come, in their order. */
  #match(replaced: readonly Line<S>[], texts: readonly string[]): (S | undefined)[] {
    const length = Math.min(replaced.length, texts.length);
    let [same, sameEnd] = [0, 0];
    while (same < length && replaced[same]?.text === texts[same]) same += 1;
    while (sameEnd < length - same && replaced.at(-1 - sameEnd)?.text === texts.at(-1 - sameEnd)) sameEnd += 1;
    const left = replaced.slice(same, replaced.length - sameEnd);
    const waiting = new Map<string, Line<S>[]>();
    for (const line of left.toReversed()) {
      const others = waiting.get(line.text);
      if (others) others.push(line);
      else waiting.set(line.text, [line]);
    }
    const coming = texts.slice(same, texts.length - sameEnd);
    const reused = coming.map((text) => waiting.get(text)?.pop());
    const surviving = new Set(reused);
    const slots = coming.map((text, index) => {
      const known = reused[index];
      if (known) return known.slot;
      const before = left[index];
      return this.#keeper.made(text, before && !surviving.has(before) ? before.slot : undefined);
    });
    for (const line of left) if (!surviving.has(line)) this.#keeper.removed(line.slot, line.text);
    return [...replaced.slice(0, same).map(({ slot }) => slot), ...slots, ...replaced.slice(replaced.length - sameEnd).map(({ slot }) => slot)];
  }

  #put(at: number, count: number, text: string, ends: boolean, slots: readonly (S | undefined)[] | undefined): void {
    const placed: LineBlock<S>[] = [];
    let [cut, line] = [0, 0];
    const add = (piece: string, last: boolean) => {
      const block = new LineBlock<S>(piece, last, undefined);
      for (let index = 0; slots && index < block.lineCount; index++) block.slots[index] = slots[line + index];
      line += block.lineCount;
      placed.push(block);
    };
    for (const piece of cutBlocks(text)) {
      cut += piece.length;
      add(piece, ends && cut === text.length);
    }
    if (ends && text === '') add('', true);
    for (const block of this.#blocks.slice(at, at + count)) {
      block.at = -1;
      this.#lineCount -= block.lineCount;
    }
    this.#blocks = this.#blocks.slice(0, at).concat(placed, this.#blocks.slice(at + count));
    for (let index = at; index < this.#blocks.length; index++) {
      const block = this.#blocks[index];
      if (block) block.at = index;
    }
    for (const block of placed) {
      this.#lineCount += block.lineCount;
      this.#keeper.placed(block);
    }
    this.#counted = Math.min(this.#counted, at);
  }

  #count(): void {
    const blocks = this.#blocks;
    if (this.#counted >= blocks.length) return;
    if (this.#firsts.length < blocks.length) {
      const longer = new Uint32Array(blocks.length * 2);
      longer.set(this.#firsts);
      this.#firsts = longer;
    }
    const before = blocks[this.#counted - 1];
    let first = before ? (this.#firsts[this.#counted - 1] ?? 0) + before.lineCount : 0;
    for (let index = this.#counted; index < blocks.length; index++) {
      this.#firsts[index] = first;
      first += blocks[index]?.lineCount ?? 0;
    }
    this.#counted = blocks.length;
  }

  #require(line: number): LinePlace<S> {
    const place = this.place(line);
    if (!place) throw new RangeError(`There is no line ${line + 1}.`);
    return place;
  }
}

interface Line<S> {
  readonly text: string;
  readonly slot: S | undefined;
}

/** LSP's line ends. */
function splitLines(text: string): string[] {
  return text.includes('\r') ? text.split(/\r\n|\n|\r/) : text.split('\n');
}

function ordered(a: Position, b: Position): { start: Position; end: Position } {
  return a.line < b.line || (a.line === b.line && a.character <= b.character) ? { start: a, end: b } : { start: b, end: a };
}
