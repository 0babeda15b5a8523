import { CheckpointError } from './checkpointError';
import type { CheckpointFacts } from './checkpointFacts';

/** Throws a `CheckpointError` when ids[0..to) are more than the model's context or not all in its vocabulary. */
export function assertTokens(facts: CheckpointFacts, ids: ArrayLike<number>, to: number): void {
  if (to > ids.length) throw new RangeError(`There are ${ids.length} tokens, not ${to}.`);
  if (to > facts.contextLength) throw new CheckpointError(`${facts.folder} takes ${facts.contextLength} tokens, not ${to}; cut the text or choose a model with a longer context.`);
  const size = facts.vocabularySize ?? Number.MAX_SAFE_INTEGER;
  for (let i = 0; i < to; i++) {
    const id = ids[i];
    if (id === undefined || !Number.isInteger(id) || id < 0 || id >= size) {
      throw new CheckpointError(`${facts.folder}: its tokenizer gives the id ${id}, outside the model's vocabulary of ${size}; fetch tokenizer and weights from the same model.`);
    }
  }
}
