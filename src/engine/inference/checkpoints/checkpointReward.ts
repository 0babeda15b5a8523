import type { RewardMeasurement } from '../../../core/scores/catalogue';
import type { ScoreItem } from '../../engine';
import { ChatForm, type EncodedExchange, plainForm } from './chatForm';
import { readChatTemplate } from './chatTemplate';
import { loadCheckpointTokenizer } from './checkpointTokenizer';
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
  const template = await readChatTemplate(folder);
  const chat = template && new ChatForm(template, tokenizer);
  const head = await openRewardHead(folder, { precision, threads });
  try {
    assertVocabulary(tokenizer, head.facts);
  } catch (error) {
    await head.dispose();
    throw error;
  }
  return new FormedReward(id, (prompt, response) => chat?.encode(prompt, response) ?? plainForm(tokenizer, prompt, response), head);
}

/** The reward of an exchange in the form that the model was trained on: its chat template, or the plain form where it has none. */
export class FormedReward implements CheckpointReward {
  readonly #id: string;
  readonly #form: (prompt: string, response: string) => EncodedExchange;
  readonly #head: RewardHead;
  readonly #turns = new Turns();

  constructor(id: string, form: (prompt: string, response: string) => EncodedExchange, head: RewardHead) {
    this.#id = id;
    this.#form = form;
    this.#head = head;
  }

  measureReward({ prompt, response }: ScoreItem): Promise<RewardMeasurement> {
    return this.#turns.run(async () => {
      const { contextLength } = this.#head.facts;
      const { ids, prompt: [from, to] } = this.#form(prompt, response);
      // The beginning of a long prompt goes, never a token of the response.
      const over = Math.max(0, ids.length - contextLength);
      if (over > to - from) return { scorer: this.#id, reason: `response has ${ids.length - to} tokens, the window holds ${contextLength - from}` };
      return { scorer: this.#id, value: await this.#head.reward(over === 0 ? ids : [...ids.slice(0, from), ...ids.slice(from + over)]) };
    });
  }

  async dispose(): Promise<void> {
    await this.#turns.run(() => this.#head.dispose());
  }
}
