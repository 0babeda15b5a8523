/** Something that a worker holds while it is used: weights of hundreds of megabytes. */
export interface Shelved {
  dispose(): Promise<void>;
}

/**
 * One loaded model at a time: asking for another puts the last one away, once nobody uses it any more. A model that
 * failed to load is tried again when it is asked for next.
 */
export class ModelShelf<T extends Shelved> {
  #current: Place<T> | undefined;

  /** Runs `work` with the model of this key, loading it first where needed. Rejects with the reason of either. */
  async use<R>(key: string, load: () => Promise<T>, work: (model: T) => Promise<R>): Promise<R> {
    const place = this.#take(key, load);
    place.users += 1;
    try {
      return await work(await place.model);
    } catch (error) {
      if (place.failed && this.#current === place) this.#current = undefined;
      throw error;
    } finally {
      place.users -= 1;
      if (place !== this.#current) await putAway(place);
    }
  }

  #take(key: string, load: () => Promise<T>): Place<T> {
    if (this.#current?.key === key) return this.#current;
    const last = this.#current;
    // The last one goes first: two of them need not fit into memory.
    const place: Place<T> = { key, users: 0, failed: false, gone: false, model: last === undefined ? load() : putAway(last).then(load) };
    place.model.catch(() => {
      place.failed = true;
    });
    this.#current = place;
    return place;
  }
}

interface Place<T> {
  readonly key: string;
  readonly model: Promise<T>;
  users: number;
  failed: boolean;
  gone: boolean;
}

async function putAway<T extends Shelved>(place: Place<T>): Promise<void> {
  if (place.users > 0 || place.gone || place.failed) return;
  place.gone = true;
  await (await place.model).dispose();
}
