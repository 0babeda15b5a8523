import { asError } from '../../jobs/queue';

/** What a probe found, kept until another one is asked for. A failed one is not kept. */
export class ProbeOnce<T> {
  readonly #probe: (signal: AbortSignal) => Promise<T>;
  #found: { readonly value: Promise<T>; readonly signal: AbortSignal } | undefined;

  constructor(probe: (signal: AbortSignal) => Promise<T>) {
    this.#probe = probe;
  }

  /** Probes now. */
  again(signal: AbortSignal): Promise<T> {
    const found = { value: this.#probe(signal), signal };
    this.#found = found;
    found.value.catch(() => {
      if (this.#found === found) this.#found = undefined;
    });
    return found.value;
  }

  /** What is known, or a probe. Somebody else's abort is none of ours, and ours none of theirs. */
  async known(signal: AbortSignal): Promise<T> {
    for (;;) {
      signal.throwIfAborted();
      const found = this.#found;
      if (found === undefined) return this.again(signal);
      try {
        return await unlessAborted(found.value, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!found.signal.aborted) throw error;
        if (this.#found === found) this.#found = undefined;
      }
    }
  }
}

function unlessAborted<T>(value: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(asError(signal.reason));
    signal.addEventListener('abort', stop, { once: true });
    value.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
