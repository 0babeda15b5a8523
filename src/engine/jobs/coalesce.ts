/**
 * Gathers items while earlier ones are being worked on and hands them over together: one fsync, or one scoring call,
 * for everything that arrived meanwhile. `add` resolves when its item's batch is done and rejects when that batch failed.
 */
export interface Coalescer<T> {
  add(item: T): Promise<void>;
}

export function createCoalescer<T>(flush: (batch: readonly T[]) => Promise<void>, maxBatch = 256): Coalescer<T> {
  interface Waiting {
    readonly item: T;
    readonly resolve: () => void;
    readonly reject: (error: unknown) => void;
  }
  const waiting: Waiting[] = [];
  let working = false;

  const work = async (): Promise<void> => {
    working = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, maxBatch);
      try {
        await flush(batch.map((entry) => entry.item));
        for (const entry of batch) entry.resolve();
      } catch (error) {
        for (const entry of batch) entry.reject(error);
      }
    }
    working = false;
  };

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        // Starts after the present turn, so that items added in one go share a batch.
        if (!working) {
          working = true;
          queueMicrotask(() => void work());
        }
      }),
  };
}
