import { needsLoss, needsReward, type Measurement } from '../../core/scores/catalogue';
import { tokensEstimate } from '../../core/teachers/estimate';
import type { PaidEstimate, ScoreRun, ScoreRunSummary } from '../engine';
import type { ScoreStore } from '../store/scoreStore';
import type { LossScorer, RewardScorer } from './scorers';
import { measureBatch } from './scoringBatch';
import { fast, planScoring, sizeOf, slow, type ScoringPlan } from './scoringPlan';
import type { ScoreTask } from './scoringMessages';
import { ScorerError } from './scorerError';
import type { WorkerPool } from './workerPool';

export interface ScoringRunDeps {
  readonly store: ScoreStore;
  readonly pool: WorkerPool;
  readonly tokenizer: string;
  /** Asked only when a loss is wanted. */
  readonly loss: () => Promise<LossScorer>;
  /** Asked only when a reward is wanted. */
  readonly reward: () => Promise<RewardScorer>;
}

/** What is known already is handed out in pieces of this many. */
const reusedItems = 1024;

/** Batches under way for each worker: one is measured while another is written to disk. */
const batchesPerWorker = 2;
/** Batches under way where a server measures; how many requests it gets at once is its own limit. */
const remoteBatches = 4;

/** Measures what is missing, keeps it, hands out everything. Contract: `Engine.score`. */
export async function runScoring(run: ScoreRun, deps: ScoringRunDeps): Promise<ScoreRunSummary> {
  const { metrics, signal } = run;
  signal?.throwIfAborted();
  const loss = needsLoss(metrics) ? await deps.loss() : undefined;
  const reward = needsReward(metrics) ? await deps.reward() : undefined;
  signal?.throwIfAborted();
  const known = await deps.store.lookUp(run.items.map((item) => item.key), { loss: loss?.id, reward: reward?.id }, signal);
  const remote = loss?.place === 'remote' || reward?.place === 'remote';
  const pace = isQuick(loss) && isQuick(reward) ? fast : slow;
  const plan = planScoring(run, known, { loss: loss !== undefined, reward: reward !== undefined }, pace);
  const work = plan.batches.flat().reduce((sum, task) => sum + sizeOf(task), 0);
  let done = 0;
  let worked = 0;
  const deliver = (measurements: readonly Measurement[], size: number) => {
    if (measurements.length === 0) return;
    done += measurements.length;
    worked += size;
    run.onMeasured?.(measurements);
    run.onProgress?.(done, plan.total, work === 0 ? 1 : worked / work);
  };
  for (let first = 0; first < plan.ready.length; first += reusedItems) {
    deliver(plan.ready.slice(first, first + reusedItems), 0);
    await new Promise(setImmediate);
    signal?.throwIfAborted();
  }
  for (const estimate of paidEstimates(plan, loss, reward)) {
    if ((await run.confirmPaid?.(estimate)) !== true) throw new ScorerError(`${estimate.scorer} may cost money (${estimate.requests} requests, about ${estimate.tokens} tokens) and was not confirmed.`);
  }
  const tokenizer = metrics.has('length') ? deps.tokenizer : undefined;
  const atOnce = Math.max(deps.pool.size * batchesPerWorker, remote ? remoteBatches : 0);
  await eachBatch(plan.batches, atOnce, signal, async (batch, stop) => {
    const { measured, failed } = await measureBatch(batch, { pool: deps.pool, loss, reward, tokenizer }, stop);
    await deps.store.record(measured);
    const found = new Map<string, Measurement>();
    for (const one of [...measured, ...failed]) found.set(one.key, { ...plan.known.get(one.key), ...found.get(one.key), ...one });
    deliver(
      [...found.values()],
      batch.reduce((sum, task) => sum + (found.has(task.key) ? sizeOf(task) : 0), 0),
    );
  });
  if (loss !== undefined || reward !== undefined) await deps.store.settle('enough');
  return { computed: plan.computed, reused: plan.total - plan.computed };
}

function isQuick(scorer: LossScorer | RewardScorer | undefined): boolean {
  return scorer === undefined || (scorer.place === 'worker' && scorer.model.kind === 'embedded');
}

/** For each scorer that may cost money and has something to do. */
function paidEstimates({ batches }: ScoringPlan, loss: LossScorer | undefined, reward: RewardScorer | undefined): PaidEstimate[] {
  return ([['loss', loss], ['reward', reward]] as const).flatMap(([kind, scorer]) => {
    if (scorer?.place !== 'remote' || scorer.remote.paid !== true) return [];
    const tasks = batches.flat().filter((task) => task[kind]);
    if (tasks.length === 0) return [];
    return [{ scorer: scorer.id, requests: tasks.length, tokens: tokensEstimate(tasks.reduce((sum, task) => sum + sizeOf(task), 0)) }];
  });
}

/** Some batches at a time. The first failure, or the signal, lets those under way finish and begins no other; then it is thrown. */
async function eachBatch(
  batches: readonly (readonly ScoreTask[])[],
  atOnce: number,
  signal: AbortSignal | undefined,
  work: (batch: readonly ScoreTask[], stop: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const stop = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  const waiting = batches.values();
  const lane = async () => {
    for (const batch of waiting) {
      if (stop.aborted) return;
      try {
        await work(batch, stop);
      } catch (error) {
        failed.abort(error);
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, batches.length) }, lane));
  signal?.throwIfAborted();
  failed.signal.throwIfAborted();
}
