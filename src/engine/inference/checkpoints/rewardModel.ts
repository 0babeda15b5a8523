import { CheckpointError } from './checkpointError';
import type { CheckpointFacts } from './checkpointFacts';
import { readDecoderCheckpoint } from './decoderCheckpoint';
import { DecoderRewardHead } from './decoderRewardHead';
import { openDecoderSessions, type OpenOptions } from './decoderSessions';
import { hasOnnxModel, readOnnxCheckpoint } from './onnxCheckpoint';
import { openOnnxModel } from './onnxModel';

export interface RewardHead {
  readonly facts: CheckpointFacts;
  /** The model's one number for these tokens; 1 ≤ ids.length ≤ the context length. One call at a time. */
  reward(ids: ArrayLike<number>): Promise<number>;
  dispose(): Promise<void>;
}

/** Rejects with a `CheckpointError`, and then nothing stays behind. */
export async function openRewardHead(folder: string, options: OpenOptions): Promise<RewardHead> {
  if (await hasOnnxModel(folder)) {
    const checkpoint = await readOnnxCheckpoint(folder);
    assertHead(checkpoint.facts);
    return openOnnxModel(checkpoint, options.threads);
  }
  const checkpoint = await readDecoderCheckpoint(folder);
  assertHead(checkpoint.facts);
  return new DecoderRewardHead(checkpoint, await openDecoderSessions(checkpoint, options));
}

function assertHead({ folder, head, architecture }: CheckpointFacts): void {
  if (head !== 'reward') throw new CheckpointError(`${folder} is a language model (${architecture}), which gives no rewards; choose a model with a sequence-classification head.`);
}
