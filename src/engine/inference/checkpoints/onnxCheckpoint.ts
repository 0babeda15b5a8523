import { stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readJson } from './boundedRead';
import { CheckpointError, MissingFileError } from './checkpointError';
import type { CheckpointFacts } from './checkpointFacts';
import { fingerprint } from './fingerprint';
import { elementTypes } from './graphs/onnxGraph';
import { maxConfigBytes } from './modelConfig';
import { type OnnxSignature, type OnnxValue, readOnnxSignature } from './onnxFile';

/** A folder of `model.onnx` and config.json. */
export interface OnnxCheckpoint {
  readonly file: string;
  readonly signature: OnnxSignature;
  readonly facts: CheckpointFacts;
  readonly pad?: number;
}

const tokenId = z.int().min(0).optional().catch(undefined);
const configSchema = z.object({
  n_positions: z.int().min(2).optional(),
  max_position_embeddings: z.int().min(2).optional(),
  vocab_size: z.int().min(1).optional(),
  bos_token_id: tokenId,
  pad_token_id: tokenId,
});

export async function hasOnnxModel(folder: string): Promise<boolean> {
  return (await stat(path.join(folder, 'model.onnx')).catch(() => undefined))?.isFile() === true;
}

/** Reads config and the graph's inputs and outputs, and samples the weights. Rejects with a `CheckpointError`. */
export async function readOnnxCheckpoint(folder: string, signal?: AbortSignal): Promise<OnnxCheckpoint> {
  const file = path.join(folder, 'model.onnx');
  const signature = await readOnnxSignature(file);
  signal?.throwIfAborted();
  const unknown = signature.inputs.find((input) => !isFed(input));
  if (unknown !== undefined) throw new CheckpointError(`${file} wants the input "${unknown.name.slice(0, 80)}", which is unknown: input_ids, attention_mask, position_ids, token_type_ids and past_key_values are; export the model again with these.`);
  const output = logitsOf(signature);
  const [last, rank] = [output?.shape.at(-1), output?.shape.length];
  if (rank !== 3 && !(rank === 2 && (typeof last === 'string' || last === 1))) {
    throw new CheckpointError(`${file} has no output "logits" of [1, tokens, vocabulary] or [1, 1]; export the model again as a language model or with one label.`);
  }
  const configFile = path.join(folder, 'config.json');
  const raw = await readJson(configFile, maxConfigBytes);
  if (raw === undefined) throw new MissingFileError(`${configFile} is missing; it tells how many tokens model.onnx takes.`);
  const config = configSchema.safeParse(raw).data;
  const contextLength = config?.max_position_embeddings ?? config?.n_positions;
  if (config === undefined || contextLength === undefined) throw new CheckpointError(`${configFile} has no usable max_position_embeddings, which tells how many tokens model.onnx takes; fetch it from the same model.`);
  const vocabularySize = rank === 3 && typeof last === 'number' ? last : config.vocab_size;
  return {
    file,
    signature,
    facts: {
      folder,
      architecture: 'onnx',
      head: rank === 3 ? 'language-model' : 'reward',
      contextLength,
      ...(vocabularySize === undefined ? {} : { vocabularySize }),
      bytes: (await stat(file)).size,
      ...(config.bos_token_id === undefined ? {} : { bos: config.bos_token_id }),
      fingerprint: await fingerprint(folder, [{ file, headerBytes: 0 }], signal),
    },
    ...(config.pad_token_id === undefined ? {} : { pad: config.pad_token_id }),
  };
}

/** What is read from the model. */
export function logitsOf({ outputs }: OnnxSignature): OnnxValue | undefined {
  return outputs.find(({ name }) => name === 'logits');
}

/** Whether a value for it is known: see `OnnxModel`. */
function isFed({ name, type, shape }: OnnxValue): boolean {
  if (name.startsWith('past_key_values.')) return type === elementTypes.float32 && shape.length === 4 && typeof shape[1] === 'number' && typeof shape[3] === 'number';
  return ['input_ids', 'attention_mask', 'position_ids', 'token_type_ids'].includes(name) && type === elementTypes.int64;
}
