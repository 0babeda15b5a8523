import { carOffset, type CarOffsetMode } from '../core/scores/car';
import { scoreIds, type Measurement, type ScoreId } from '../core/scores/catalogue';
import { deriveScores } from '../core/scores/derive';
import type { DatasetLine } from './datasetLine';
import type { Pauses } from './pauses';

/** What a whole file says at one moment; a picture of it, not kept up to date. */
export interface Statistics {
  /** Known values of each score, ascending. */
  readonly distributions: ReadonlyMap<ScoreId, Float64Array>;
  /** By record key, for conversations that stand on several lines. */
  readonly duplicates: ReadonlyMap<string, Duplicates>;
  /** Added to every reward before CAR; undefined when CAR cannot be computed. */
  readonly offset: number | undefined;
  /** Records with a reward and a loss. */
  readonly scored: number;
  /** Records that hold no response. */
  readonly unanswered: number;
}

export interface Duplicates {
  readonly first: number;
  readonly second: number;
  readonly count: number;
}

export interface StatisticsOptions {
  readonly lines: readonly DatasetLine[];
  readonly measured: ReadonlyMap<string, Measurement>;
  readonly beta: number;
  readonly offset: CarOffsetMode;
  readonly pauses: Pauses;
  readonly signal: AbortSignal;
}

/** Looks at every line read so far, in slices. */
export async function computeStatistics({ lines, measured, beta, offset: mode, pauses, signal }: StatisticsOptions): Promise<Statistics> {
  const duplicates = await findDuplicates(lines, pauses, signal);
  const found: Measurement[] = [];
  for (const { exchangeKey } of lines) {
    const measurement = exchangeKey === undefined ? undefined : measured.get(exchangeKey);
    if (measurement) found.push(measurement);
  }
  const unanswered = lines.filter(({ summary, exchangeKey }) => summary?.status === 'ok' && exchangeKey === undefined).length;
  const { offset } = carOffset(found.flatMap(({ reward }) => reward?.value ?? []), mode);
  const values = new Map<ScoreId, number[]>(scoreIds.map((id) => [id, []]));
  for (const measurement of found) {
    await pauses.breathe(signal);
    const scores = deriveScores(measurement, { beta, offset }).values;
    for (const [id, known] of values) {
      const value = scores[id];
      if (value !== undefined) known.push(value);
    }
  }
  const distributions = new Map<ScoreId, Float64Array>();
  for (const [id, known] of values) {
    await pauses.breathe(signal);
    if (known.length > 0) distributions.set(id, Float64Array.from(known).sort());
  }
  return { distributions, duplicates, offset, scored: found.filter(({ reward, loss }) => reward && loss).length, unanswered };
}

async function findDuplicates(lines: readonly DatasetLine[], pauses: Pauses, signal: AbortSignal): Promise<Map<string, Duplicates>> {
  const first = new Map<string, number>();
  const duplicates = new Map<string, Duplicates>();
  for (const [line, { summary }] of lines.entries()) {
    if (summary?.status !== 'ok') continue;
    await pauses.breathe(signal);
    const before = first.get(summary.key);
    if (before === undefined) {
      first.set(summary.key, line);
      continue;
    }
    const known = duplicates.get(summary.key);
    duplicates.set(summary.key, known ? { ...known, count: known.count + 1 } : { first: before, second: line, count: 2 });
  }
  return duplicates;
}
