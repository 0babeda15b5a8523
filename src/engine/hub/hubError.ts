import type { RetryVerdict } from '../jobs/retry';

/** A download that cannot be planned or finished; the message says why in a sentence and what helps. Never with a token or a signed address. */
export class HubError extends Error {
  override readonly name = 'HubError';
  readonly verdict: RetryVerdict;

  constructor(message: string, verdict: RetryVerdict = { again: false }) {
    super(message);
    this.verdict = verdict;
  }
}
