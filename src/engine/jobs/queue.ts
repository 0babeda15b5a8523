import { setMaxListeners } from 'node:events';

/** Runs tasks, at most `limit` at once, in the order they were handed in. */
export interface Limiter {
  /** Resolves or rejects with the task. A task whose signal aborts while it waits never starts and rejects with the signal's reason. */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

export function createLimiter(limit: number): Limiter {
  const waiting = new Set<() => void>();
  let running = 0;

  const startNext = (): void => {
    const [next] = waiting;
    if (next === undefined || running >= limit) return;
    waiting.delete(next);
    running += 1;
    next();
  };

  const turn = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const start = (): void => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        waiting.delete(start);
        reject(asError(signal?.reason));
      };
      if (signal?.aborted === true) {
        giveUp();
        return;
      }
      if (signal !== undefined) {
        // As many wait on it as there are tasks: no leak, though Node warns of one from the eleventh on.
        setMaxListeners(0, signal);
        signal.addEventListener('abort', giveUp, { once: true });
      }
      waiting.add(start);
      startNext();
    });

  return {
    async run(task, signal) {
      await turn(signal);
      try {
        signal?.throwIfAborted();
        return await task();
      } finally {
        running -= 1;
        startNext();
      }
    },
  };
}

/** What an aborted signal carries, as something that can be thrown. */
export function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
