import { needsLoss, needsReward, type Measurement } from '../../core/scores/catalogue';
import type { ScoreRun, ScoreRunSummary, ScorerIds } from '../engine';
import type { ScoreStore } from '../store/scoreStore';
import type { ScoredBatch, ScoreTask } from './scoringMessages';
import type { WorkerPool } from './workerPool';

export interface ScoringRunDeps {
  readonly store: ScoreStore;
  readonly pool: WorkerPool;
  readonly tokenizer: string;
  /** Asked only when a loss or a reward is wanted. */
  readonly scorers: () => ScorerIds;
}

/** A batch is the unit of work, of one fsync and of what a kill can lose; long texts make smaller ones. */
const batchItems = 128;
const batchChars = 1 << 20;

/** What is known already is handed out in pieces of this many. */
const reusedItems = 1024;

/** Batches under way for each worker: one is measured while another is written to disk. */
const batchesPerWorker = 2;

interface Plan {
  /** Known in full. */
  readonly ready: readonly Measurement[];
  readonly batches: readonly (readonly ScoreTask[])[];
  /** Parts that were known of items that are measured again in part. */
  readonly known: ReadonlyMap<string, Measurement>;
  readonly total: number;
  readonly computed: number;
}

/** Measures what is missing, keeps it, hands out everything. Contract: `Engine.score`. */
export async function runScoring(run: ScoreRun, deps: ScoringRunDeps): Promise<ScoreRunSummary> {
  const { metrics, signal } = run;
  signal?.throwIfAborted();
  const loss = needsLoss(metrics);
  const reward = needsReward(metrics);
  const scorers = loss || reward ? deps.scorers() : undefined;
  const wanted = { loss: loss ? scorers?.loss : undefined, reward: reward ? scorers?.reward : undefined };
  const known = await deps.store.lookUp(run.items.map((item) => item.key), wanted, signal);
  const plan = planOf(run, known, wanted.loss !== undefined, wanted.reward !== undefined);
  let done = 0;
  const deliver = (measurements: readonly Measurement[]) => {
    if (measurements.length === 0) return;
    done += measurements.length;
    run.onMeasured?.(measurements);
    run.onProgress?.(done, plan.total);
  };
  for (let first = 0; first < plan.ready.length; first += reusedItems) {
    deliver(plan.ready.slice(first, first + reusedItems));
    await new Promise(setImmediate);
    signal?.throwIfAborted();
  }
  const tokenizer = metrics.has('length') ? deps.tokenizer : undefined;
  await eachBatch(plan.batches, deps.pool.size * batchesPerWorker, signal, async (batch, stop) => {
    const scored = await deps.pool.score(batch, tokenizer, stop);
    await deps.store.record(scored.measured);
    deliver([...scored.measured, ...failures(scored, batch, scorers)].map((measured) => ({ ...plan.known.get(measured.key), ...measured })));
  });
  if (loss || reward) await deps.store.settle('enough');
  return { computed: plan.computed, reused: plan.total - plan.computed };
}

function planOf(run: ScoreRun, known: ReadonlyMap<string, Measurement>, loss: boolean, reward: boolean): Plan {
  const ready: Measurement[] = [];
  const tasks: ScoreTask[] = [];
  let computed = 0;
  const distinct = new Map(run.items.map((item) => [item.key, item]));
  for (const { key, prompt, response } of distinct.values()) {
    const stored = known.get(key);
    const task = { key, prompt, response, loss: loss && stored?.loss === undefined, reward: reward && stored?.reward === undefined };
    const missing = task.loss || task.reward || (run.metrics.has('length') && !(loss || reward));
    if (missing) computed += 1;
    if (missing || run.metrics.has('length')) tasks.push(task);
    else ready.push(stored ?? { key });
  }
  return { ready, batches: batchesOf(tasks), known, total: distinct.size, computed };
}

function batchesOf(tasks: readonly ScoreTask[]): ScoreTask[][] {
  const batches: ScoreTask[][] = [];
  let batch: ScoreTask[] = [];
  let chars = 0;
  for (const task of tasks) {
    const size = task.prompt.length + task.response.length;
    if (batch.length > 0 && (batch.length >= batchItems || chars + size > batchChars)) {
      batches.push(batch);
      batch = [];
      chars = 0;
    }
    batch.push(task);
    chars += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
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

/** For the tasks on which a scorer failed: the reason in place of each value. Not stored, so that the next run tries again. */
function failures(scored: ScoredBatch, batch: readonly ScoreTask[], scorers: ScorerIds | undefined): Measurement[] {
  const tasks = new Map(batch.map((task) => [task.key, task]));
  return scored.failed.map(({ key, reason }) => {
    const task = tasks.get(key);
    return {
      key,
      ...(task?.loss === true && scorers !== undefined ? { loss: { scorer: scorers.loss, reason } } : {}),
      ...(task?.reward === true && scorers !== undefined ? { reward: { scorer: scorers.reward, reason } } : {}),
    };
  });
}
