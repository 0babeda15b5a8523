import path from 'node:path';
import { z } from 'zod';
import { readJson } from './boundedRead';
import { CheckpointError, MissingFileError } from './checkpointError';
import type { DecoderConfig, Gpt2Config, LlamaConfig } from './decoderConfig';
import { readRope, ropeFields } from './ropeConfig';

export const maxConfigBytes = 16 * 2 ** 20;

const llamaFamilies = ['Llama', 'Mistral', 'Qwen2', 'Qwen3'];
const supported = 'GPT2LMHeadModel, LlamaForCausalLM, MistralForCausalLM, Qwen2ForCausalLM, Qwen3ForCausalLM and the ForSequenceClassification of the same families are supported, and any model as model.onnx';

const architectureSchema = z.object({ architectures: z.array(z.string()).min(1) });

// Far above any model there is, and far below what would make sizes overflow.
const width = z.int().min(1).max(2 ** 18);
const layers = z.int().min(1).max(1_024);
const vocabulary = z.int().min(1).max(2 ** 24);
const context = z.int().min(1).max(2 ** 27);
const epsilon = z.number().min(0).max(1);
const tokenId = z.unknown().transform((id) => (Number.isSafeInteger(id) && Number(id) >= 0 ? Number(id) : undefined));

const gpt2Schema = z.object({
  n_embd: width,
  n_layer: layers,
  n_head: width,
  n_inner: width.nullish(),
  n_positions: context,
  vocab_size: vocabulary,
  layer_norm_epsilon: epsilon.default(1e-5),
  activation_function: z.string().default('gelu_new'),
  scale_attn_weights: z.boolean().default(true),
  scale_attn_by_inverse_layer_idx: z.boolean().default(false),
  add_cross_attention: z.boolean().default(false),
  tie_word_embeddings: z.boolean().default(true),
  bos_token_id: tokenId,
  pad_token_id: tokenId,
});

const llamaSchema = z.object({
  hidden_size: width,
  num_hidden_layers: layers,
  num_attention_heads: width,
  num_key_value_heads: width.nullish(),
  head_dim: width.nullish(),
  intermediate_size: width,
  max_position_embeddings: context,
  vocab_size: vocabulary,
  rms_norm_eps: epsilon.default(1e-6),
  hidden_act: z.string().default('silu'),
  attention_bias: z.boolean().nullish(),
  mlp_bias: z.boolean().nullish(),
  tie_word_embeddings: z.boolean().default(false),
  sliding_window: z.int().min(1).nullish(),
  use_sliding_window: z.boolean().nullish(),
  bos_token_id: tokenId,
  pad_token_id: tokenId,
  ...ropeFields,
});

/** Reads and checks config.json. Rejects with a `CheckpointError` that names what is supported where this model is not. */
export async function readModelConfig(folder: string): Promise<DecoderConfig> {
  const file = path.join(folder, 'config.json');
  const raw = await readJson(file, maxConfigBytes);
  if (raw === undefined) throw new MissingFileError(`${file} is missing; give a folder that holds config.json, a tokenizer and model.safetensors or model.onnx.`);
  const architecture = architectureSchema.safeParse(raw).data?.architectures[0];
  if (architecture === undefined) throw new CheckpointError(`${file} names no architecture; ${supported}.`);
  const [, family = '', kind = ''] = /^(.+?)(ForCausalLM|LMHeadModel|ForSequenceClassification)$/.exec(architecture) ?? [];
  const head = kind === 'ForSequenceClassification' ? 'reward' : 'language-model';
  let config: DecoderConfig;
  if (family === 'GPT2' && kind !== 'ForCausalLM') config = readGpt2(file, raw, architecture, head);
  else if (llamaFamilies.includes(family) && kind !== 'LMHeadModel') config = readLlama(file, raw, architecture, family, head);
  else throw new CheckpointError(`${file} asks for the architecture ${architecture.slice(0, 80)}, which cannot be read: ${supported}.`);
  if (config.heads % config.kvHeads !== 0) throw unfit(file, `has ${config.heads} heads for ${config.kvHeads} of keys and values`);
  // What the runtime's attention takes; every published model has such heads.
  if (config.headSize % 8 !== 0) throw unfit(file, `has heads of ${config.headSize} dimensions (multiples of 8 are supported)`);
  return config;
}

function readGpt2(file: string, raw: unknown, architecture: string, head: DecoderConfig['head']): Gpt2Config {
  const config = parse(file, gpt2Schema, raw);
  const activation = gpt2Activations[config.activation_function];
  if (activation === undefined) throw unfit(file, `has the activation "${config.activation_function.slice(0, 40)}" (${Object.keys(gpt2Activations).join(', ')} are supported)`);
  if (config.add_cross_attention) throw unfit(file, 'attends to another model (add_cross_attention)');
  if (config.n_embd % config.n_head !== 0) throw unfit(file, `divides ${config.n_embd} dimensions over ${config.n_head} heads`);
  return {
    family: 'gpt2',
    architecture,
    head,
    layers: config.n_layer,
    hidden: config.n_embd,
    heads: config.n_head,
    kvHeads: config.n_head,
    headSize: config.n_embd / config.n_head,
    inner: config.n_inner ?? 4 * config.n_embd,
    vocabularySize: config.vocab_size,
    contextLength: config.n_positions,
    epsilon: config.layer_norm_epsilon,
    tied: config.tie_word_embeddings,
    ...special(config),
    activation,
    scaleByLayer: config.scale_attn_by_inverse_layer_idx,
    scaleByHead: config.scale_attn_weights,
  };
}

const gpt2Activations: Readonly<Record<string, Gpt2Config['activation']>> = { gelu_new: 'gelu-tanh', gelu_pytorch_tanh: 'gelu-tanh', gelu_fast: 'gelu-tanh', gelu: 'gelu', relu: 'relu' };

function readLlama(file: string, raw: unknown, architecture: string, family: string, head: DecoderConfig['head']): LlamaConfig {
  const config = parse(file, llamaSchema, raw);
  if (config.hidden_act !== 'silu') throw unfit(file, `has the activation "${config.hidden_act.slice(0, 40)}" (silu is supported)`);
  const rope = readRope(config);
  if (typeof rope === 'string') throw unfit(file, rope);
  const headSize = config.head_dim ?? config.hidden_size / config.num_attention_heads;
  if (!Number.isInteger(headSize) || headSize % 2 !== 0) throw unfit(file, `divides ${config.hidden_size} dimensions over ${config.num_attention_heads} heads`);
  // A window matters only to texts that are longer than it. Qwen's configs name one that they do not use.
  const window = family === 'Llama' || (family.startsWith('Qwen') && config.use_sliding_window !== true) ? undefined : (config.sliding_window ?? undefined);
  const bias = config.attention_bias ?? false;
  return {
    family: 'llama',
    architecture,
    head,
    layers: config.num_hidden_layers,
    hidden: config.hidden_size,
    heads: config.num_attention_heads,
    kvHeads: config.num_key_value_heads ?? config.num_attention_heads,
    headSize,
    inner: config.intermediate_size,
    vocabularySize: config.vocab_size,
    contextLength: Math.min(config.max_position_embeddings, window ?? Infinity),
    epsilon: config.rms_norm_eps,
    tied: config.tie_word_embeddings,
    ...special(config),
    rope,
    biases: { queryKeyValue: family === 'Qwen2' || bias, output: family !== 'Qwen2' && family !== 'Mistral' && bias, feedForward: family === 'Llama' && (config.mlp_bias ?? false) },
    headNorm: family === 'Qwen3',
  };
}

function special(config: { readonly bos_token_id: number | undefined; readonly pad_token_id: number | undefined; readonly vocab_size: number }): { bos?: number; pad?: number } {
  return {
    ...(config.bos_token_id === undefined || config.bos_token_id >= config.vocab_size ? {} : { bos: config.bos_token_id }),
    ...(config.pad_token_id === undefined ? {} : { pad: config.pad_token_id }),
  };
}

function parse<T>(file: string, schema: z.ZodType<T>, raw: unknown): T {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw unfit(file, `has no usable "${issue?.path.join('.') ?? ''}" (${issue?.message ?? 'unknown'})`);
}

function unfit(file: string, why: string): CheckpointError {
  return new CheckpointError(`${file} ${why}; fetch it again, or choose another model.`);
}
