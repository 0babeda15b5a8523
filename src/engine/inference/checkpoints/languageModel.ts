import type { CheckpointFacts } from './checkpointFacts';
import { readDecoderCheckpoint } from './decoderCheckpoint';
import { DecoderLanguageModel } from './decoderLanguageModel';
import { type OpenOptions, openDecoderSessions } from './decoderSessions';
import { CheckpointError } from './checkpointError';
import { hasOnnxModel, readOnnxCheckpoint } from './onnxCheckpoint';
import { openOnnxModel } from './onnxModel';

export type Precision = OpenOptions['precision'];

export interface LanguageModel {
  readonly facts: CheckpointFacts;
  /**
   * Nats of ids[from..to), each given all before it; 1 ≤ from ≤ to ≤ ids.length, to ≤ the context length. `shared` leading ids recur in other
   * calls, so their keys and values may be kept. One call at a time.
   */
  nll(ids: ArrayLike<number>, from: number, to: number, shared?: number): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Rejects with a `CheckpointError`, and then nothing stays behind. */
export async function openLanguageModel(folder: string, options: OpenOptions): Promise<LanguageModel> {
  if (await hasOnnxModel(folder)) {
    const checkpoint = await readOnnxCheckpoint(folder);
    assertHead(checkpoint.facts);
    return openOnnxModel(checkpoint, options.threads);
  }
  const checkpoint = await readDecoderCheckpoint(folder);
  assertHead(checkpoint.facts);
  return new DecoderLanguageModel(checkpoint, await openDecoderSessions(checkpoint, options));
}

function assertHead({ folder, head, architecture }: CheckpointFacts): void {
  if (head !== 'language-model') throw new CheckpointError(`${folder} is a reward model (${architecture}); choose it as the reward model and a language model for losses.`);
}
