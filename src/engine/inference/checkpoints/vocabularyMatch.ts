import { CheckpointError } from './checkpointError';
import type { CheckpointFacts } from './checkpointFacts';
import type { CheckpointTokenizer } from './checkpointTokenizer';

/** Throws a `CheckpointError` when the tokenizer knows tokens that the model has no embedding for. Models are often padded to more. */
export function assertVocabulary({ vocabularySize }: CheckpointTokenizer, { folder, vocabularySize: embeddings }: CheckpointFacts): void {
  if (embeddings === undefined || vocabularySize <= embeddings) return;
  throw new CheckpointError(
    `tokenizer.json (or vocab.json) in ${folder} has token ids up to ${vocabularySize - 1} where the model has ${embeddings} tokens; fetch tokenizer and weights from the same model.`,
  );
}
