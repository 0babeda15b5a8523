import type { LossMeasurement, Measurement, RewardMeasurement } from '../../core/scores/catalogue';
import type { RemoteBatch, RemoteScorer } from '../clients/scoring/remoteScorer';
import type { LossScorer, RewardScorer } from './scorers';
import type { ScoredBatch, ScoreTask, WorkerModels } from './scoringMessages';
import type { WorkerPool } from './workerPool';

export interface BatchDeps {
  readonly pool: WorkerPool;
  readonly loss: LossScorer | undefined;
  readonly reward: RewardScorer | undefined;
  readonly tokenizer: string | undefined;
}

export interface MeasuredBatch {
  /** To be kept. */
  readonly measured: readonly Measurement[];
  /** The reason in place of each value that a scorer failed on. Not to be kept, so that the next run tries again. */
  readonly failed: readonly Measurement[];
}

/**
 * One batch through all that measures it: the worker and the servers at the same time. A task counts as done when each of
 * them has spoken; an abort leaves out those that somebody had not reached.
 */
export async function measureBatch(batch: readonly ScoreTask[], deps: BatchDeps, signal: AbortSignal): Promise<MeasuredBatch> {
  const { pool, loss, reward, tokenizer } = deps;
  const models: WorkerModels = {
    ...(loss?.place === 'worker' && batch.some((task) => task.loss) && { loss: loss.model }),
    ...(reward?.place === 'worker' && batch.some((task) => task.reward) && { reward: reward.model }),
  };
  const local = models.loss !== undefined || models.reward !== undefined || tokenizer !== undefined;
  const [worker, losses, rewards] = await allOrFirstError([
    local ? pool.score(batch, { models, tokenizer }, signal) : undefined,
    loss?.place === 'remote' ? askRemote(loss.remote, batch.filter((task) => task.loss), signal) : undefined,
    reward?.place === 'remote' ? askRemote(reward.remote, batch.filter((task) => task.reward), signal) : undefined,
  ]);
  return join(batch, { worker, losses, rewards }, { loss: loss?.id ?? '', reward: reward?.id ?? '' });
}

/** An abort is not a failure: what was measured before it counts. */
async function askRemote<M>(remote: RemoteScorer<M>, tasks: readonly ScoreTask[], signal: AbortSignal): Promise<RemoteBatch<M>> {
  if (tasks.length === 0) return { measured: new Map(), failed: [] };
  try {
    return await remote.measure(tasks, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    return { measured: new Map(), failed: [] };
  }
}

/** Waits for all, so that nothing goes on behind a failure; then the first failure is thrown. */
async function allOrFirstError<T extends readonly unknown[]>(parts: { [K in keyof T]: Promise<T[K]> | T[K] }): Promise<T> {
  const settled = await Promise.allSettled(parts);
  for (const part of settled) if (part.status === 'rejected') throw part.reason;
  return settled.map((part) => (part.status === 'fulfilled' ? part.value : undefined)) as unknown as T;
}

interface Answers {
  readonly worker: ScoredBatch | undefined;
  readonly losses: RemoteBatch<LossMeasurement> | undefined;
  readonly rewards: RemoteBatch<RewardMeasurement> | undefined;
}

function join(batch: readonly ScoreTask[], { worker, losses, rewards }: Answers, ids: { readonly loss: string; readonly reward: string }): MeasuredBatch {
  const byWorker = new Map(worker?.measured.map((one) => [one.key, one]));
  const workerFailures = reasonsOf(worker?.failed);
  const lossFailures = reasonsOf(losses?.failed);
  const rewardFailures = reasonsOf(rewards?.failed);
  const measured: Measurement[] = [];
  const failed: Measurement[] = [];
  for (const { key, loss, reward } of batch) {
    const crashed = workerFailures.get(key);
    const local = byWorker.get(key);
    const remoteLoss = losses?.measured.get(key);
    const remoteReward = rewards?.measured.get(key);
    const whyNoLoss = !loss ? undefined : losses === undefined ? crashed : lossFailures.get(key);
    const whyNoReward = !reward ? undefined : rewards === undefined ? crashed : rewardFailures.get(key);
    const waits =
      (worker !== undefined && local === undefined && crashed === undefined) ||
      (losses !== undefined && loss && remoteLoss === undefined && whyNoLoss === undefined) ||
      (rewards !== undefined && reward && remoteReward === undefined && whyNoReward === undefined);
    const found: Measurement = { ...(local ?? { key }), ...(remoteLoss && { loss: remoteLoss }), ...(remoteReward && { reward: remoteReward }) };
    if (whyNoLoss === undefined && whyNoReward === undefined) {
      if (!waits) measured.push(found);
      continue;
    }
    if (found.loss ?? found.reward) measured.push(found);
    failed.push({
      key,
      ...(whyNoLoss !== undefined && { loss: { scorer: ids.loss, reason: whyNoLoss } }),
      ...(whyNoReward !== undefined && { reward: { scorer: ids.reward, reason: whyNoReward } }),
    });
  }
  return { measured, failed };
}

function reasonsOf(failed: ScoredBatch['failed'] | undefined): ReadonlyMap<string, string> {
  return new Map(failed?.map(({ key, reason }) => [key, reason]));
}
