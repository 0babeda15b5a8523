import { readDecoderCheckpoint } from './decoderCheckpoint';
import { hasOnnxModel, readOnnxCheckpoint } from './onnxCheckpoint';

/** What a checkpoint is, as far as its config, headers and samples of its weights tell. */
export interface CheckpointFacts {
  readonly folder: string;
  /** As config.json names it (GPT2LMHeadModel, …), or `onnx`. */
  readonly architecture: string;
  readonly head: 'language-model' | 'reward';
  readonly parameters?: number;
  /** Tokens of one pass at most. */
  readonly contextLength: number;
  readonly vocabularySize?: number;
  /** Of the weights' files. */
  readonly bytes: number;
  readonly bos?: number;
  /** 8 hex digits over config, headers, sizes and samples of the weights and tokenizer: the same weights give the same on every machine. */
  readonly fingerprint: string;
}

/** Cheap: no weights are read beyond samples. Rejects with a `CheckpointError` when the checkpoint could not be opened. */
export async function describeCheckpoint(folder: string, signal?: AbortSignal): Promise<CheckpointFacts> {
  signal?.throwIfAborted();
  const checkpoint = await ((await hasOnnxModel(folder)) ? readOnnxCheckpoint(folder, signal) : readDecoderCheckpoint(folder, signal));
  return checkpoint.facts;
}
