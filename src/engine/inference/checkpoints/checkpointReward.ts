import type { RewardMeasurement } from '../../../core/scores/catalogue';
import type { ScoreItem } from '../../engine';
import { type CheckpointTokenizer, loadCheckpointTokenizer } from './checkpointTokenizer';
import type { Precision } from './languageModel';
import { openRewardHead, type RewardHead } from './rewardModel';
import { Turns } from './turns';
import { assertVocabulary } from './vocabularyMatch';

/** Rewards of exchanges under a local checkpoint with a sequence-classification head. */
export interface CheckpointReward {
  /** Rejects, with a sentence, when the model fails on this one; a response too long for the window has a reason. */
  measureReward(item: ScoreItem): Promise<RewardMeasurement>;
  dispose(): Promise<void>;
}

export interface CheckpointRewardOptions {
  /** What the results name as their scorer. */
  readonly id: string;
  readonly precision: Precision;
  readonly threads: number;
}

/** Rejects with `CheckpointError`, and then nothing stays loaded. */
export async function loadCheckpointReward(folder: string, { id, precision, threads }: CheckpointRewardOptions): Promise<CheckpointReward> {
  const tokenizer = await loadCheckpointTokenizer(folder);
  const head = await openRewardHead(folder, { precision, threads });
  try {
    assertVocabulary(tokenizer, head.facts);
  } catch (error) {
    await head.dispose();
    throw error;
  }
  return new PlainReward(id, tokenizer, head);
}

/** The plain form, prompt and response on lines of their own: no chat template is rendered. */
export class PlainReward implements CheckpointReward {
  readonly #id: string;
  readonly #tokenizer: CheckpointTokenizer;
  readonly #head: RewardHead;
  readonly #turns = new Turns();

  constructor(id: string, tokenizer: CheckpointTokenizer, head: RewardHead) {
    this.#id = id;
    this.#tokenizer = tokenizer;
    this.#head = head;
  }

  measureReward({ prompt, response }: ScoreItem): Promise<RewardMeasurement> {
    return this.#turns.run(async () => {
      const { bos } = this.#tokenizer;
      const begin = bos === undefined ? [] : [bos];
      const room = this.#head.facts.contextLength - begin.length;
      const ids = this.#tokenizer.encode(`${prompt}\n${response}`);
      const before = this.#tokenizer.encode(`${prompt}\n`).length;
      // The beginning of a long prompt goes, never a token of the response.
      const cut = Math.max(0, ids.length - room);
      if (cut > before) return { scorer: this.#id, reason: `response has ${ids.length - before} tokens, the window holds ${room}` };
      return { scorer: this.#id, value: await this.#head.reward([...begin, ...ids.slice(cut)]) };
    });
  }

  async dispose(): Promise<void> {
    await this.#turns.run(() => this.#head.dispose());
  }
}
