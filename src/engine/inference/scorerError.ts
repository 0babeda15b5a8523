/** A scorer that cannot be used, or a question it could not answer; the message is one sentence for a person. */
export class ScorerError extends Error {
  override readonly name = 'ScorerError';
}
