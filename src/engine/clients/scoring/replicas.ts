import type { Logger } from '../../../base/logger';
import { createLimiter, type Limiter } from '../../jobs/queue';
import type { ScoringEndpoint } from './scoringEndpoint';
import { ScoringServerError } from './scoringServerError';

/** Requests at once to one base URL: enough for a server to batch, few enough that a cancelled run leaves little behind. */
export const requestsPerUrl = 8;

interface Replica {
  readonly endpoint: ScoringEndpoint;
  readonly limiter: Limiter;
  pending: number;
  /** Why it is passed over. */
  down: ScoringServerError | undefined;
}

/** Base URLs of one model, used in turn; one that cannot be reached is passed over, and said so once. */
export class Replicas {
  readonly #replicas: readonly Replica[];
  readonly #logger: Logger;
  #last = -1;

  constructor(endpoints: readonly ScoringEndpoint[], logger: Logger) {
    this.#replicas = endpoints.map((endpoint) => ({ endpoint, limiter: createLimiter(requestsPerUrl), pending: 0, down: undefined }));
    this.#logger = logger;
  }

  /** How many requests can be under way at once. */
  get width(): number {
    return this.#replicas.length * requestsPerUrl;
  }

  /** Nothing can be run before `each` has found one that is up again. */
  get allDown(): boolean {
    return this.#replicas.every(({ down }) => down !== undefined);
  }

  /** Runs `task` at the least busy replica, and at another one when that turns out to be unreachable. Rejects like the task. */
  async run<T>(task: (endpoint: ScoringEndpoint) => Promise<T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      const replica = this.#next();
      replica.pending += 1;
      try {
        return await replica.limiter.run(() => {
          if (replica.down !== undefined) throw replica.down;
          return task(replica.endpoint);
        }, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ScoringServerError) || error.kind !== 'unreachable') throw error;
        this.#passOver(replica, error);
        if (this.allDown) throw error;
      } finally {
        replica.pending -= 1;
      }
    }
  }

  /** Asks each once, those that were passed over too. Those that cannot be reached are passed over from here on; rejects when that is all of them, or with the first other failure. */
  async each<T>(task: (endpoint: ScoringEndpoint) => Promise<T>, signal: AbortSignal): Promise<readonly T[]> {
    const results = await Promise.allSettled(this.#replicas.map(({ endpoint, limiter }) => limiter.run(() => task(endpoint), signal)));
    signal.throwIfAborted();
    const found: T[] = [];
    let unreachable: ScoringServerError | undefined;
    for (const [i, replica] of this.#replicas.entries()) {
      const result = results[i];
      if (result?.status === 'fulfilled') {
        replica.down = undefined;
        found.push(result.value);
        continue;
      }
      const error: unknown = result?.reason;
      if (!(error instanceof ScoringServerError) || error.kind !== 'unreachable') throw error;
      unreachable ??= error;
      if (this.#replicas.length > 1) this.#passOver(replica, error);
    }
    if (found.length === 0 && unreachable !== undefined) throw unreachable;
    return found;
  }

  /** The least busy of those that are up, in turn among equals. */
  #next(): Replica {
    const count = this.#replicas.length;
    let best: Replica | undefined;
    for (let step = 1; step <= count; step += 1) {
      const at = (this.#last + step) % count;
      const replica = this.#replicas[at];
      if (replica === undefined || replica.down !== undefined || (best !== undefined && replica.pending >= best.pending)) continue;
      best = replica;
    }
    if (best !== undefined) {
      this.#last = this.#replicas.indexOf(best);
      return best;
    }
    throw this.#replicas[0]?.down ?? new Error('a scoring server without an address');
  }

  #passOver(replica: Replica, error: ScoringServerError): void {
    if (replica.down === undefined) this.#logger.warn('Scoring server is passed over', { url: replica.endpoint.url, reason: error.message });
    replica.down = error;
  }
}
