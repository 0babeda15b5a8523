import { CheckpointError } from './checkpointError';
import type { CheckpointFacts } from './checkpointFacts';
import { readDecoderCheckpoint } from './decoderCheckpoint';
import { DecoderRewardHead } from './decoderRewardHead';
import { openDecoderSessions, type OpenOptions } from './decoderSessions';

export interface RewardHead {
  readonly facts: CheckpointFacts;
  /** The model's one number for these tokens; 1 ≤ ids.length ≤ the context length. One call at a time. */
  reward(ids: ArrayLike<number>): Promise<number>;
  dispose(): Promise<void>;
}

/** Rejects with a `CheckpointError`, and then nothing stays behind. */
export async function openRewardHead(folder: string, options: OpenOptions): Promise<RewardHead> {
  const checkpoint = await readDecoderCheckpoint(folder);
  if (checkpoint.facts.head !== 'reward') throw new CheckpointError(`${folder} is a language model (${checkpoint.facts.architecture}), which gives no rewards; choose a model with a sequence-classification head.`);
  return new DecoderRewardHead(checkpoint, await openDecoderSessions(checkpoint, options));
}
