import type { RopeScaling } from './ropeConfig';

/** What a decoder computes between its token ids and the hidden states before its head. */
export type DecoderConfig = Gpt2Config | LlamaConfig;

interface CommonConfig {
  /** As config.json names it. */
  readonly architecture: string;
  readonly head: 'language-model' | 'reward';
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  /** Heads of keys and values, each shared by `heads / kvHeads` query heads. */
  readonly kvHeads: number;
  readonly headSize: number;
  /** Width inside the feed-forward part. */
  readonly inner: number;
  readonly vocabularySize: number;
  /** Tokens of one pass at most. */
  readonly contextLength: number;
  readonly epsilon: number;
  /** The token embedding is the head's weight too. */
  readonly tied: boolean;
  readonly bos?: number;
  readonly pad?: number;
}

/** Learned positions, LayerNorm, one joined projection for queries, keys and values; weights lie input first. */
export interface Gpt2Config extends CommonConfig {
  readonly family: 'gpt2';
  /** `gelu-tanh` is the approximation that GPT-2 was trained with. */
  readonly activation: 'gelu' | 'gelu-tanh' | 'relu';
  /** Divides attention scores of layer i by i + 1 too. */
  readonly scaleByLayer: boolean;
  /** Divides attention scores by √headSize. */
  readonly scaleByHead: boolean;
}

/** Rotary positions, RMSNorm, gated feed-forward; weights lie output first. */
export interface LlamaConfig extends CommonConfig {
  readonly family: 'llama';
  readonly rope: { readonly theta: number; readonly scaling: RopeScaling };
  readonly biases: { readonly queryKeyValue: boolean; readonly output: boolean; readonly feedForward: boolean };
  /** Queries and keys are normalised head by head before they are rotated (Qwen3). */
  readonly headNorm: boolean;
}
