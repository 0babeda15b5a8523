/** Every score that Cupel knows, by the id that files, settings and the CLI use. Formulas: docs/scores.md. */
export const scoreIds = [
  'length.words',
  'length.tokens',
  'length.chars',
  'ifd.ppl',
  'ifd.loss',
  'icIfd',
  'reward',
  'car',
  'loss.cond',
  'loss.direct',
  'loss.prompt',
] as const;

export type ScoreId = (typeof scoreIds)[number];

/** What a scorer can be asked for (`--metrics`). */
export const metrics = ['length', 'ifd', 'icIfd', 'reward', 'car'] as const;
export type Metric = (typeof metrics)[number];

/** Do these need a loss model? */
export function needsLoss(wanted: ReadonlySet<Metric>): boolean {
  return wanted.has('ifd') || wanted.has('icIfd') || wanted.has('car');
}

/** Do these need a reward model? */
export function needsReward(wanted: ReadonlySet<Metric>): boolean {
  return wanted.has('reward') || wanted.has('car');
}

/** A summed negative log-likelihood, so that every mean and ratio can be derived later. */
export interface NllSum {
  /** Nats. */
  readonly sum: number;
  /** Scored tokens, at least 1. */
  readonly tokens: number;
}

/** What a loss model said about one exchange. */
export interface LossMeasurement {
  /** `embedded@2`, or a checkpoint's name with its template and preset. */
  readonly scorer: string;
  /** L(A|Q): response tokens given the prompt. */
  readonly cond?: NllSum;
  /** L(A): response tokens 2..n alone. Absent when the response has fewer than two tokens. */
  readonly direct?: NllSum;
  /** L(Q): prompt tokens alone. */
  readonly prompt?: NllSum;
  /** Why a part is absent. */
  readonly reason?: string;
}

/** What a reward model said about one exchange. */
export interface RewardMeasurement {
  readonly scorer: string;
  readonly value?: number;
  readonly reason?: string;
}

export interface LengthMeasurement {
  readonly words: number;
  readonly tokens: number;
  readonly chars: number;
  /** `o200k_base`, … */
  readonly tokenizer: string;
}

/** Everything measured about one exchange, by its key. */
export interface Measurement {
  readonly key: string;
  readonly length?: LengthMeasurement;
  readonly loss?: LossMeasurement;
  readonly reward?: RewardMeasurement;
}

/** Scores ready to show: finite numbers, or a reason why there is none. */
export interface ScoreSet {
  readonly values: Readonly<Partial<Record<ScoreId, number>>>;
  readonly undefined: Readonly<Partial<Record<ScoreId, string>>>;
  readonly scorers: { readonly loss?: string; readonly reward?: string };
}
