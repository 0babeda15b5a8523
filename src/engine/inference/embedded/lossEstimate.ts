import { z } from 'zod';
import type { LossMeasurement, NllSum } from '../../../core/scores/catalogue';
import type { ScorerFact } from '../../../core/scores/scorer';
import type { ScoreItem } from '../../engine';
import { BlendModel, blendModelSchema } from './blendModel';
import { embeddedId } from './embeddedId';
import { aloneFeatureNames, givenFeatureNames, LossFeatures } from './lossFeatures';
import type { NgramModel } from './ngramModel';
import { contextTokens } from './textReader';
import type { TextReader } from './textReader';

/** `models/embedded/loss.json`, written by models/recipe/fit_loss.py. */
export const lossFileSchema = z.object({
  id: z.literal(embeddedId),
  /** Rows the calibration was fitted on. */
  rows: z.int().positive(),
  crossValidated: z.looseObject({ ifdSpearman: z.number(), directSpearman: z.number(), condSpearman: z.number() }),
  features: z.array(z.string()),
  /** The first so many features need the response alone. */
  aloneFeatures: z.int().positive(),
  /** L(A) in nats a token. */
  direct: blendModelSchema,
  /** L(A|Q) − L(A) = ln IFD is this blend + `ofDirect` · L(A). */
  gain: blendModelSchema.extend({ ofDirect: z.number() }),
});

/** A response that a long prompt leaves no room for is still estimated on this many tokens. */
const leastScored = 32;
/** Nats a token that GPT-2's means keep within on real text. */
const lowestLoss = 0.02;
const highestLoss = 14;

/** Estimates GPT-2 124M's mean token losses under the Superfiltering procedure. Token counts are exact. */
export class LossEstimate {
  readonly fact: ScorerFact;
  readonly #reader: TextReader;
  readonly #features: LossFeatures;
  readonly #direct: BlendModel;
  readonly #gain: BlendModel;
  readonly #gainOfDirect: number;

  /** Throws when the file was fitted on other features than the ones computed here. */
  constructor(file: z.infer<typeof lossFileSchema>, reader: TextReader, ngrams: NgramModel) {
    const names: readonly string[] = [...aloneFeatureNames, ...givenFeatureNames];
    if (file.features.join() !== names.join() || file.aloneFeatures !== aloneFeatureNames.length) {
      throw new Error('loss.json was fitted on other features than this version computes');
    }
    this.#reader = reader;
    this.#features = new LossFeatures(ngrams);
    this.#direct = new BlendModel(file.direct, aloneFeatureNames.length);
    this.#gain = new BlendModel(file.gain, names.length);
    this.#gainOfDirect = file.gain.ofDirect;
    const agreement = file.crossValidated.ifdSpearman.toFixed(2).replace(/^0/u, '');
    this.fact = {
      id: file.id,
      estimate: true,
      agreement: `Spearman ${agreement} with GPT-2's IFD (cross-validated on ${String(file.rows)} published rows)`,
    };
  }

  measure(item: ScoreItem): LossMeasurement {
    const scorer = this.fact.id;
    const response = this.#reader.read(item.response);
    const prompt = this.#reader.read(item.prompt);
    const room = Math.max(leastScored, contextTokens - prompt.tokens.length);
    const n = Math.min(response.tokens.length, room);
    const promptTokens = prompt.tokens.length;
    const promptPart: { readonly prompt?: NllSum } =
      promptTokens < 2 ? {} : { prompt: nll(this.#direct.predict(this.#features.alone(prompt)), promptTokens - 1) };
    if (n === 0) return { scorer, ...promptPart, reason: tokenReason('response', 0) };

    const alone = this.#features.alone(response);
    const direct = clamp(this.#direct.predict(alone));
    const given = this.#features.given(prompt, response, alone);
    const gain = this.#gain.predict([...alone, ...given]) + this.#gainOfDirect * direct;
    const cond = nll(direct + gain, n);
    if (n === 1) return { scorer, cond, ...promptPart, reason: tokenReason('response', 1) };
    const measured = { scorer, cond, direct: nll(direct, n - 1), ...promptPart };
    return promptTokens < 2 ? { ...measured, reason: tokenReason('prompt', promptTokens) } : measured;
  }
}

function nll(mean: number, tokens: number): NllSum {
  return { sum: clamp(mean) * tokens, tokens };
}

function clamp(loss: number): number {
  return Math.min(highestLoss, Math.max(lowestLoss, loss));
}

function tokenReason(part: 'response' | 'prompt', tokens: number): string {
  return `${part} has ${String(tokens)} token${tokens === 1 ? '' : 's'}`;
}
