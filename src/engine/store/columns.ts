import { z } from 'zod';
import type { LossMeasurement, Measurement, NllSum, RewardMeasurement } from '../../core/scores/catalogue';

/**
 * One stored result: what one scorer said about one exchange. The same names serve the journal (one JSON object a
 * line, absent values left out) and the Parquet segments (absent values null). Sums are nats; tokens are counts.
 */
export interface ScoreRow {
  readonly key: string;
  readonly scorer: string;
  readonly kind: ScoreKind;
  readonly cond_sum?: number;
  readonly cond_tokens?: number;
  readonly direct_sum?: number;
  readonly direct_tokens?: number;
  readonly prompt_sum?: number;
  readonly prompt_tokens?: number;
  /** A reward. */
  readonly value?: number;
  /** Why something is absent. */
  readonly reason?: string;
}

export type ScoreKind = 'loss' | 'reward';

const sum = z.number().exactOptional();
const tokens = z.int().min(1).exactOptional();

export const scoreRowSchema: z.ZodType<ScoreRow> = z.object({
  key: z.string(),
  scorer: z.string(),
  kind: z.enum(['loss', 'reward']),
  cond_sum: sum,
  cond_tokens: tokens,
  direct_sum: sum,
  direct_tokens: tokens,
  prompt_sum: sum,
  prompt_tokens: tokens,
  value: sum,
  reason: z.string().exactOptional(),
});

/** The segments' columns in their order, with DuckDB's types. */
export const columns = [
  ['key', 'VARCHAR'],
  ['scorer', 'VARCHAR'],
  ['kind', 'VARCHAR'],
  ['cond_sum', 'DOUBLE'],
  ['cond_tokens', 'INTEGER'],
  ['direct_sum', 'DOUBLE'],
  ['direct_tokens', 'INTEGER'],
  ['prompt_sum', 'DOUBLE'],
  ['prompt_tokens', 'INTEGER'],
  ['value', 'DOUBLE'],
  ['reason', 'VARCHAR'],
] as const satisfies readonly (readonly [keyof ScoreRow, 'VARCHAR' | 'DOUBLE' | 'INTEGER'])[];

/** What of a measurement is stored: lengths are not, they are cheaper to count again than to look up. */
export function rowsOf(measurement: Measurement): ScoreRow[] {
  const { key, loss, reward } = measurement;
  const rows: ScoreRow[] = [];
  if (loss !== undefined) {
    rows.push({
      key,
      scorer: loss.scorer,
      kind: 'loss',
      ...(loss.cond === undefined ? {} : { cond_sum: loss.cond.sum, cond_tokens: loss.cond.tokens }),
      ...(loss.direct === undefined ? {} : { direct_sum: loss.direct.sum, direct_tokens: loss.direct.tokens }),
      ...(loss.prompt === undefined ? {} : { prompt_sum: loss.prompt.sum, prompt_tokens: loss.prompt.tokens }),
      ...(loss.reason === undefined ? {} : { reason: loss.reason }),
    });
  }
  if (reward !== undefined) {
    rows.push({
      key,
      scorer: reward.scorer,
      kind: 'reward',
      ...(reward.value === undefined ? {} : { value: reward.value }),
      ...(reward.reason === undefined ? {} : { reason: reward.reason }),
    });
  }
  return rows;
}

/** The measurement with what the row says added; the way back from `rowsOf`. */
export function withRow(measurement: Measurement, row: ScoreRow): Measurement {
  return row.kind === 'loss' ? { ...measurement, loss: lossOf(row) } : { ...measurement, reward: rewardOf(row) };
}

function lossOf(row: ScoreRow): LossMeasurement {
  const loss: Mutable<LossMeasurement> = { scorer: row.scorer };
  const cond = nllSum(row.cond_sum, row.cond_tokens);
  const direct = nllSum(row.direct_sum, row.direct_tokens);
  const prompt = nllSum(row.prompt_sum, row.prompt_tokens);
  if (cond !== undefined) loss.cond = cond;
  if (direct !== undefined) loss.direct = direct;
  if (prompt !== undefined) loss.prompt = prompt;
  if (row.reason !== undefined) loss.reason = row.reason;
  return loss;
}

function rewardOf(row: ScoreRow): RewardMeasurement {
  const reward: Mutable<RewardMeasurement> = { scorer: row.scorer };
  if (row.value !== undefined) reward.value = row.value;
  if (row.reason !== undefined) reward.reason = row.reason;
  return reward;
}

/** While it is built: a look-up makes tens of thousands, and spreads would dominate it. */
export type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

function nllSum(total: number | undefined, count: number | undefined): NllSum | undefined {
  return total === undefined || count === undefined ? undefined : { sum: total, tokens: count };
}
