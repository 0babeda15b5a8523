import type { Measurement } from '../../core/scores/catalogue';
import type { ScoreRun } from '../engine';
import type { ScoreTask } from './scoringMessages';

/** How a run's tasks are cut into batches: the units of work, of one fsync, and of what a kill can lose. */
export interface Pace {
  readonly items: number;
  readonly chars: number;
  /** Long texts first, so that all workers end together; equal responses side by side, so that they are measured once. */
  readonly longestFirst: boolean;
}

/** An estimator measures thousands of records a second, a model a few. */
export const fast: Pace = { items: 128, chars: 1 << 20, longestFirst: false };
export const slow: Pace = { items: 16, chars: 16_384, longestFirst: true };

export interface ScoringPlan {
  /** Known in full. */
  readonly ready: readonly Measurement[];
  readonly batches: readonly (readonly ScoreTask[])[];
  /** Parts that were known of items that are measured again in part. */
  readonly known: ReadonlyMap<string, Measurement>;
  readonly total: number;
  readonly computed: number;
}

export interface Wanted {
  readonly loss: boolean;
  readonly reward: boolean;
}

export function planScoring(run: Pick<ScoreRun, 'items' | 'metrics'>, known: ReadonlyMap<string, Measurement>, { loss, reward }: Wanted, pace: Pace): ScoringPlan {
  const ready: Measurement[] = [];
  const tasks: ScoreTask[] = [];
  let computed = 0;
  const distinct = new Map(run.items.map((item) => [item.key, item]));
  for (const item of distinct.values()) {
    const stored = known.get(item.key);
    const task = { ...item, loss: loss && stored?.loss === undefined, reward: reward && stored?.reward === undefined };
    const missing = task.loss || task.reward || (run.metrics.has('length') && !(loss || reward));
    if (missing) computed += 1;
    if (missing || run.metrics.has('length')) tasks.push(task);
    else ready.push(stored ?? { key: item.key });
  }
  if (pace.longestFirst) tasks.sort(byLength);
  return { ready, batches: batchesOf(tasks, pace), known, total: distinct.size, computed };
}

/** The characters that a task makes a scorer read. */
export function sizeOf({ prompt, response }: ScoreTask): number {
  return prompt.length + response.length;
}

function byLength(a: ScoreTask, b: ScoreTask): number {
  if (a.response.length !== b.response.length) return b.response.length - a.response.length;
  if (a.response !== b.response) return a.response < b.response ? -1 : 1;
  return b.prompt.length - a.prompt.length;
}

function batchesOf(tasks: readonly ScoreTask[], pace: Pace): ScoreTask[][] {
  const batches: ScoreTask[][] = [];
  let batch: ScoreTask[] = [];
  let chars = 0;
  for (const task of tasks) {
    const size = sizeOf(task);
    if (batch.length > 0 && (batch.length >= pace.items || chars + size > pace.chars)) {
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
