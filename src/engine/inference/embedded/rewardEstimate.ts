import { z } from 'zod';
import type { RewardExplanation, RewardReason, ScorerFact } from '../../../core/scores/scorer';
import type { ScoreItem } from '../../engine';
import { embeddedId } from './embeddedId';
import { rewardFeatureNames } from './rewardFeatures';
import type { RewardFeature, RewardFeatures, RewardReading } from './rewardFeatures';
import { aspectOf, rewardReasonText } from './rewardReasons';
import type { TextReader } from './textReader';

const weightSchema = z.object({
  /** Logits a unit of the feature. */
  weight: z.number(),
  /** The value that neither raises nor lowers. */
  neutral: z.number(),
});

/** `models/embedded/reward.json`, written by models/recipe/fit_reward.py. */
export const rewardFileSchema = z.object({
  id: z.literal(embeddedId),
  /** The logit of an exchange whose features are all neutral. */
  base: z.number(),
  features: z.record(z.enum(rewardFeatureNames), weightSchema),
  /** One sentence with the measured figure. */
  agreement: z.string().optional(),
});

/** Effects smaller than this are not worth a line. */
const leastEffect = 0.01;
const mostReasons = 6;

/** A logistic score over readable features: between 0 and 1, so that CAR needs no offset; 0 for a blank response. */
export class RewardEstimate {
  readonly fact: ScorerFact;
  readonly #file: z.infer<typeof rewardFileSchema>;
  readonly #reader: TextReader;
  readonly #features: RewardFeatures;

  constructor(file: z.infer<typeof rewardFileSchema>, reader: TextReader, features: RewardFeatures) {
    this.#file = file;
    this.#reader = reader;
    this.#features = features;
    this.fact = { id: file.id, estimate: true, ...(file.agreement !== undefined && { agreement: file.agreement }) };
  }

  measure(item: ScoreItem): number {
    if (isBlank(item.response)) return 0;
    return sigmoid(this.#logit(this.#read(item)));
  }

  explain(item: ScoreItem): RewardExplanation {
    if (isBlank(item.response)) return { value: 0, reasons: [{ text: 'empty response', effect: -sigmoid(this.#file.base) }] };
    const reading = this.#read(item);
    const logit = this.#logit(reading);
    const value = sigmoid(logit);
    // The mean slope between the neutral logit and this one: the effects add up to what parts the two rewards.
    const away = logit - this.#file.base;
    const slope = Math.abs(away) < 1e-9 ? value * (1 - value) : (value - sigmoid(this.#file.base)) / away;
    const effects = new Map<RewardFeature, number>();
    for (const feature of rewardFeatureNames) {
      const aspect = aspectOf(feature);
      effects.set(aspect, (effects.get(aspect) ?? 0) + slope * this.#share(reading, feature));
    }
    const reasons: RewardReason[] = [];
    for (const [feature, effect] of effects) {
      const text = Math.abs(effect) < leastEffect ? undefined : rewardReasonText(feature, effect, reading);
      if (text !== undefined) reasons.push({ text, effect });
    }
    return { value, reasons: withoutRepeats(reasons).slice(0, mostReasons) };
  }

  #read(item: ScoreItem): RewardReading {
    return this.#features.read(this.#reader.read(item.prompt), this.#reader.read(item.response));
  }

  #logit(reading: RewardReading): number {
    let logit = this.#file.base;
    for (const feature of rewardFeatureNames) logit += this.#share(reading, feature);
    return logit;
  }

  #share(reading: RewardReading, feature: RewardFeature): number {
    const { weight, neutral } = this.#file.features[feature];
    return weight * (reading.vector[feature] - neutral);
  }
}

/** Several features can say the same: their effects add up under one text. Strongest first. */
function withoutRepeats(reasons: readonly RewardReason[]): RewardReason[] {
  const byText = new Map<string, number>();
  for (const { text, effect } of reasons) byText.set(text, (byText.get(text) ?? 0) + effect);
  return [...byText].map(([text, effect]) => ({ text, effect })).sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
}

function isBlank(text: string): boolean {
  return !/\S/u.test(text);
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
