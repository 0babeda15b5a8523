import type { LineStore, LinePlace } from './lineStore';
import type { LineBlock } from './lineBlock';

/** What is looked for. */
export interface Wanted<S> {
  readonly is: (slot: S | undefined) => boolean;
  /** How many such lines a block has. */
  readonly count: (block: LineBlock<S>) => number;
}

export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Goes through the lines that still want something, those on the screen first, wherever the screen is by now. An edit
 * neither sends it back to the top nor hides a line from it: what is done stands with the lines.
 */
export class Upcoming<S> {
  readonly #store: LineStore<S>;
  readonly #wanted: Wanted<S>;
  #at = 0;
  #index = 0;

  constructor(store: LineStore<S>, wanted: Wanted<S>) {
    this.#store = store;
    this.#wanted = wanted;
  }

  /** The first of these lines. */
  among({ from, to }: LineRange): LinePlace<S> | undefined {
    let place = this.#store.place(from);
    for (let line = from; place && line <= to; ) {
      const { block, index } = place;
      if (this.#wanted.count(block) > 0 && this.#wanted.is(block.slots[index])) return place;
      line += 1;
      place = index + 1 < block.lineCount ? { block, index: index + 1 } : this.#store.place(line);
    }
    return undefined;
  }

  /** The next line in the file, from where the last one was; at the end again from the top. */
  next(): LinePlace<S> | undefined {
    const { blocks } = this.#store;
    for (let tried = 0; tried <= blocks.length; tried++) {
      const block = blocks[this.#at];
      if (block && this.#wanted.count(block) > 0) {
        for (let index = this.#index; index < block.lineCount; index++) {
          if (!this.#wanted.is(block.slots[index])) continue;
          this.#index = index;
          return { block, index };
        }
      }
      this.#at = this.#at + 1 < blocks.length ? this.#at + 1 : 0;
      this.#index = 0;
    }
    return undefined;
  }
}
