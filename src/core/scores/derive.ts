import { car, negativeRewardReason } from './car';
import type { LossMeasurement, Measurement, NllSum, RewardMeasurement, ScoreId, ScoreSet } from './catalogue';
import { icIfd } from './icIfd';
import { ifdLoss, ifdPpl, meanLoss } from './ifd';

export interface DeriveOptions {
  /** CAR's β. */
  readonly beta: number;
  /** What is added to every reward before CAR (`carOffset`); undefined when rewards are negative and no offset is allowed. */
  readonly offset: number | undefined;
}

/**
 * Every score that follows from what was measured. A score is finite, or absent with a reason; one that nobody measured is
 * absent from both lists.
 */
export function deriveScores(measurement: Measurement, options: DeriveOptions): ScoreSet {
  const { length, loss, reward } = measurement;
  const scores = new ScoreCollector();
  if (length !== undefined) {
    scores.set('length.words', length.words);
    scores.set('length.tokens', length.tokens);
    scores.set('length.chars', length.chars);
  }
  if (loss !== undefined) collectLoss(scores, loss);
  if (reward !== undefined) scores.set('reward', reward.value ?? missing(reward, 'no reward'));
  if (loss !== undefined && reward !== undefined) scores.set('car', recordCar(loss, reward, options));
  return {
    values: scores.values,
    undefined: scores.reasons,
    scorers: { ...(loss && { loss: loss.scorer }), ...(reward && { reward: reward.scorer }) },
  };
}

function collectLoss(scores: ScoreCollector, loss: LossMeasurement): void {
  const cond = partLoss(loss, loss.cond, 'no loss of the response given the prompt');
  const direct = partLoss(loss, loss.direct, 'no loss of the response alone');
  const prompt = partLoss(loss, loss.prompt, 'no loss of the prompt');
  scores.set('loss.cond', cond);
  scores.set('loss.direct', direct);
  scores.set('loss.prompt', prompt);
  scores.set('ifd.ppl', combine([cond, direct], ([c, d]) => ifdPpl(c, d)));
  scores.set('ifd.loss', combine([cond, direct], ([c, d]) => ifdLoss(c, d)));
  scores.set('icIfd', combine([cond, direct, prompt], ([c, d, q]) => icIfd(c, d, q)));
}

function recordCar(loss: LossMeasurement, reward: RewardMeasurement, options: DeriveOptions): number | Reason {
  if (options.offset === undefined) return { reason: negativeRewardReason };
  const shifted = reward.value === undefined ? missing(reward, 'no reward') : reward.value + options.offset;
  if (typeof shifted === 'number' && shifted < 0) return { reason: `the reward stays negative after the offset ${options.offset}` };
  return combine([shifted, partLoss(loss, loss.cond, 'no loss of the response given the prompt')], ([r, l]) => car(r, l, options.beta));
}

interface Reason {
  readonly reason: string;
}

/** `fallback` serves when the scorer gave no reason of its own. */
function partLoss(loss: LossMeasurement, part: NllSum | undefined, fallback: string): number | Reason {
  if (part === undefined) return missing(loss, fallback);
  return part.tokens > 0 ? meanLoss(part) : { reason: fallback };
}

function missing(measured: { readonly reason?: string }, fallback: string): Reason {
  return { reason: measured.reason ?? fallback };
}

type Tuple<T extends readonly unknown[], V> = { [K in keyof T]: V };

/** Applies a formula when all its parts are numbers; otherwise the first missing part's reason. */
function combine<const T extends readonly (number | Reason)[]>(parts: T, formula: (numbers: Tuple<T, number>) => number): number | Reason {
  const absent = parts.find((part) => typeof part !== 'number');
  return absent ?? formula(parts as unknown as Tuple<T, number>);
}

class ScoreCollector {
  readonly values: Partial<Record<ScoreId, number>> = {};
  readonly reasons: Partial<Record<ScoreId, string>> = {};

  set(id: ScoreId, score: number | Reason): void {
    if (typeof score !== 'number') this.reasons[id] = score.reason;
    else if (Number.isFinite(score)) this.values[id] = score;
    else this.reasons[id] = 'the formula has no finite value here';
  }
}
