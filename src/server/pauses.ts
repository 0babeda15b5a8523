import { setImmediate } from 'node:timers/promises';

/** Lets other requests in between slices of a long piece of work. */
export class Pauses {
  #since = performance.now();
  readonly #slice: number;

  /** @param slice milliseconds of work between two breaks. */
  constructor(slice = 8) {
    this.#slice = slice;
  }

  /** Waits for the next turn of the event loop when the slice is used up. */
  async breathe(signal?: AbortSignal): Promise<void> {
    if (performance.now() - this.#since >= this.#slice) {
      await setImmediate();
      this.#since = performance.now();
    }
    signal?.throwIfAborted();
  }
}
