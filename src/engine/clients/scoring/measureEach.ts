import type { ScoreItem } from '../../engine';
import { createLimiter } from '../../jobs/queue';
import type { FailedItem, RemoteBatch } from './remoteScorer';
import { ScoringServerError } from './scoringServerError';

/** What came of one item, when no value did. */
export interface ItemFailure {
  readonly reason: string;
  /** No other item can do better: the rest is not asked. */
  readonly stop: boolean;
}

export interface EachOptions<M> {
  /** Items under way at once. */
  readonly atOnce: number;
  readonly measure: (item: ScoreItem) => Promise<M>;
  /** Undefined for what is no failure of an item but of this program: it is thrown on. */
  readonly explain: (error: unknown) => ItemFailure | undefined;
  readonly signal: AbortSignal;
}

/** Measures each item; what one of them fails on does not concern the others, unless it stops them all. Rejects when that leaves nothing measured. */
export async function measureEach<M>(items: readonly ScoreItem[], { atOnce, measure, explain, signal }: EachOptions<M>): Promise<RemoteBatch<M>> {
  const limiter = createLimiter(atOnce);
  const measured = new Map<string, M>();
  const failed: FailedItem[] = [];
  let stopped: { readonly error: unknown; readonly reason: string } | undefined;

  const one = async (item: ScoreItem): Promise<void> => {
    if (stopped !== undefined) {
      failed.push({ key: item.key, reason: stopped.reason });
      return;
    }
    try {
      measured.set(item.key, await measure(item));
    } catch (error) {
      signal.throwIfAborted();
      const failure = explain(error);
      if (failure === undefined) throw error;
      if (failure.stop) stopped ??= { error, reason: failure.reason };
      failed.push({ key: item.key, reason: failure.reason });
    }
  };
  const settled = await Promise.allSettled(items.map((item) => limiter.run(() => one(item), signal)));
  signal.throwIfAborted();
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  if (stopped !== undefined && measured.size === 0) throw stopped.error;
  return { measured, failed };
}

/** For scorers whose failures are ScoringServerErrors. */
export function explainServerError(error: unknown): ItemFailure | undefined {
  return error instanceof ScoringServerError ? { reason: error.message, stop: error.kind !== 'failed' } : undefined;
}
