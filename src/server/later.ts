import type { Disposable } from '../base/disposable';

/** Runs something once for any number of wishes that arrive within `delay` milliseconds of the first. */
export class Later implements Disposable {
  readonly #run: () => void;
  readonly #delay: () => number;
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(delay: number | (() => number), run: () => void) {
    this.#delay = typeof delay === 'number' ? () => delay : delay;
    this.#run = run;
  }

  wish(): void {
    if (this.#disposed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#run();
    }, this.#delay());
  }

  /** Does not wait any longer. */
  now(): void {
    if (this.#disposed) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#run();
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
