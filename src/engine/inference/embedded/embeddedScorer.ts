import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LossMeasurement, RewardMeasurement } from '../../../core/scores/catalogue';
import type { RewardExplanation, ScorerFact } from '../../../core/scores/scorer';
import type { ScoreItem } from '../../engine';
import { loadTokenizer } from '../tokenizer';
import { LossEstimate, lossFileSchema } from './lossEstimate';
import { NgramModel } from './ngramModel';
import { RewardEstimate, rewardFileSchema } from './rewardEstimate';
import { RewardFeatures } from './rewardFeatures';
import { TextReader } from './textReader';
import { Topics } from './topics';

/** The scorer that needs no network, no key and no download. Synchronous once loaded; same input, same numbers. */
export interface EmbeddedScorer {
  readonly lossId: 'embedded@1';
  readonly rewardId: 'embedded@1';
  readonly lossFact: ScorerFact;
  readonly rewardFact: ScorerFact;
  measureLoss(item: ScoreItem): LossMeasurement;
  measureReward(item: ScoreItem): RewardMeasurement;
  explainReward(item: ScoreItem): RewardExplanation;
}

/** Reads `embedded/` in `modelsDir`. Rejects when a file is missing or not in its form. */
export async function loadEmbedded(modelsDir: string): Promise<EmbeddedScorer> {
  const folder = path.join(modelsDir, 'embedded');
  const [tokenizer, ngramFile, topicFile, lossText, rewardText] = await Promise.all([
    loadTokenizer('r50k_base'),
    readFile(path.join(folder, 'ngrams.bin')),
    readFile(path.join(folder, 'topics.bin')),
    readFile(path.join(folder, 'loss.json'), 'utf8'),
    readFile(path.join(folder, 'reward.json'), 'utf8'),
  ]);
  const ngrams = new NgramModel(ngramFile);
  const reader = new TextReader(tokenizer, ngrams);
  const loss = new LossEstimate(lossFileSchema.parse(JSON.parse(lossText)), reader, ngrams);
  const features = new RewardFeatures(ngrams, new Topics(topicFile));
  return new Scorer(loss, new RewardEstimate(rewardFileSchema.parse(JSON.parse(rewardText)), reader, features));
}

class Scorer implements EmbeddedScorer {
  readonly lossId = 'embedded@1';
  readonly rewardId = 'embedded@1';
  readonly #loss: LossEstimate;
  readonly #reward: RewardEstimate;

  constructor(loss: LossEstimate, reward: RewardEstimate) {
    this.#loss = loss;
    this.#reward = reward;
  }

  get rewardFact(): ScorerFact {
    return this.#reward.fact;
  }

  get lossFact(): ScorerFact {
    return this.#loss.fact;
  }

  measureLoss(item: ScoreItem): LossMeasurement {
    return this.#loss.measure(item);
  }

  measureReward(item: ScoreItem): RewardMeasurement {
    return { scorer: this.rewardId, value: this.#reward.measure(item) };
  }

  explainReward(item: ScoreItem): RewardExplanation {
    return this.#reward.explain(item);
  }
}
