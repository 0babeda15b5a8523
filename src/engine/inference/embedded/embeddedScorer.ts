import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LossMeasurement, RewardMeasurement } from '../../../core/scores/catalogue';
import type { RewardExplanation, ScorerFact } from '../../../core/scores/scorer';
import type { ScoreItem } from '../../engine';
import { explainFileError } from '../../files/fileErrors';
import { loadTokenizer } from '../tokenizer';
import { embeddedId } from './embeddedId';
import { LossEstimate, lossFileSchema } from './lossEstimate';
import { NgramModel } from './ngramModel';
import { RewardEstimate, rewardFileSchema } from './rewardEstimate';
import { RewardFeatures } from './rewardFeatures';
import { TextReader } from './textReader';
import { Topics } from './topics';

/** The scorer that needs no network, no key and no download. Synchronous once loaded; same input, same numbers. */
export interface EmbeddedScorer {
  readonly lossId: typeof embeddedId;
  readonly rewardId: typeof embeddedId;
  readonly lossFact: ScorerFact;
  readonly rewardFact: ScorerFact;
  measureLoss(item: ScoreItem): LossMeasurement;
  measureReward(item: ScoreItem): RewardMeasurement;
  explainReward(item: ScoreItem): RewardExplanation;
}

/** Reads `embedded/` in `modelsDir`. Rejects with one sentence when a file is missing or not in its form. */
export async function loadEmbedded(modelsDir: string): Promise<EmbeddedScorer> {
  const load = <T>(name: string, read: (content: Buffer) => T) => loadModel(path.join(modelsDir, 'embedded', name), read);
  const tokenizer = await loadTokenizer('r50k_base');
  const [ngrams, topics] = await Promise.all([load('ngrams.bin', (content) => new NgramModel(content)), load('topics.bin', (content) => new Topics(content))]);
  const reader = new TextReader(tokenizer, ngrams);
  const features = new RewardFeatures(ngrams, topics);
  const [loss, reward] = await Promise.all([
    load('loss.json', (content) => new LossEstimate(lossFileSchema.parse(JSON.parse(content.toString('utf8'))), reader, ngrams)),
    load('reward.json', (content) => new RewardEstimate(rewardFileSchema.parse(JSON.parse(content.toString('utf8'))), reader, features)),
  ]);
  return new Scorer(loss, reward);
}

/** What is wrong inside a shipped file concerns nobody who can only install it again. */
async function loadModel<T>(file: string, read: (content: Buffer) => T): Promise<T> {
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (error) {
    throw new Error(`${explainFileError(error, file)} Install Cupel again.`, { cause: error });
  }
  try {
    return read(content);
  } catch (error) {
    throw new Error(`${file} is damaged: install Cupel again.`, { cause: error });
  }
}

class Scorer implements EmbeddedScorer {
  readonly lossId = embeddedId;
  readonly rewardId = embeddedId;
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
