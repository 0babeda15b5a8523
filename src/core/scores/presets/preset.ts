import { cherry } from './cherry';
import { superfiltering } from './superfiltering';

/**
 * A published procedure: how one exchange becomes token sequences, and which of their tokens are scored.
 * It needs no model, only a tokenizer, so that checkpoints and servers follow the same steps.
 */
export interface LossPreset {
  readonly id: LossPresetId;
  readonly template: 'plain' | 'alpaca';
  /** Tokens that a pass holds at most, with a BOS; less when the model's context is smaller. */
  readonly maxTokens: number;
  /** Every text whose token ids `plan` asks for. */
  texts(texts: PromptTexts): readonly string[];
  /** `tokens` gives the ids of a text with no special token added. Never throws; what cannot be scored has no span. */
  plan(texts: PromptTexts, tokens: (text: string) => readonly number[], limits: PlanLimits): LossPlan;
}

export type LossPresetId = 'superfiltering' | 'cherry';

/** One exchange under the `plain` template, as `ScoreItem` has it. */
export interface PromptTexts {
  /** Everything before the response, joined by newlines, no trailing newline. */
  readonly prompt: string;
  /** Alpaca's input when the prompt ends with one. */
  readonly input?: string;
  readonly response: string;
}

export interface PlanLimits {
  /** Tokens that the model takes at most. */
  readonly contextLength: number;
  /** What the model's tokenizer puts before a text, if it does. */
  readonly bos?: number;
}

export interface LossPlan {
  /** Each with at least one span; none when nothing can be scored. */
  readonly passes: readonly Pass[];
  /** Why a part has no span. */
  readonly reason?: string;
}

/** One run of the model. */
export interface Pass {
  /** At most `maxTokens` and `contextLength`. */
  readonly ids: readonly number[];
  readonly spans: readonly PassSpan[];
  /** Leading ids that other records' passes begin with too (a template's head); 0 for none. */
  readonly shared: number;
  /** `ids` are the tokens of this text, perhaps cut at the end, after `lead` ids of no text (a BOS). */
  readonly text: string;
  readonly lead: number;
}

/** Scored tokens ids[from..to), each given all before it; 1 ≤ from < to. A plan has each part once at most. */
export interface PassSpan {
  readonly part: 'cond' | 'direct' | 'prompt';
  readonly from: number;
  readonly to: number;
}

export const lossPresets: Readonly<Record<LossPresetId, LossPreset>> = { superfiltering, cherry };
