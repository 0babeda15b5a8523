import type { ScoreItem } from '../../engine';
import type { Call, ServerFacts } from './serverFacts';

/** How one kind of server is asked for the reward of an exchange. */
export interface RewardWire {
  /** `vLLM`. */
  readonly server: string;
  /**
   * What the model reads, part of the scorer's id: `chat`, the model's own chat template around a user's message, which holds
   * the whole prompt, and an assistant's; `plain`, prompt, newline, response; `pair`, both as the two texts of a pair, which the tokenizer joins.
   */
  readonly form: 'chat' | 'plain' | 'pair';
  facts(call: Call): Promise<ServerFacts>;
  /** Ways to ask, the best first. */
  readonly ways: readonly RewardWay[];
}

export interface RewardWay {
  reward(call: Call, exchange: RewardExchange): Promise<RewardReply>;
}

export interface RewardExchange extends Pick<ScoreItem, 'prompt' | 'response'> {
  readonly model: string | undefined;
}

export type RewardReply =
  | { readonly kind: 'values'; /** A reward model has exactly one. */ readonly values: readonly unknown[] }
  /** The model cannot read this exchange, whoever asks. */
  | { readonly kind: 'undefined'; readonly reason: string }
  /** Not what this path of the server should say. */
  | { readonly kind: 'unreadable' };
