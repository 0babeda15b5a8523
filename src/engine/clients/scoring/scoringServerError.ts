import type { RetryVerdict } from '../../jobs/retry';

/** A scoring server that failed for a reason that a person can read: one sentence with its URL and the remedy. */
export class ScoringServerError extends Error {
  override readonly name = 'ScoringServerError';
  readonly kind: ScoringErrorKind;
  readonly verdict: RetryVerdict;
  /** Of the HTTP reply, where there was one. */
  readonly status: number | undefined;

  constructor(kind: ScoringErrorKind, reason: string, about: { readonly verdict?: RetryVerdict; readonly status?: number } = {}) {
    super(reason);
    this.kind = kind;
    this.verdict = about.verdict ?? { again: false };
    this.status = about.status;
  }
}

export type ScoringErrorKind =
  /** No answer at all, or silence: another replica may do. */
  | 'unreachable'
  /** 401 or 403. */
  | 'unauthorized'
  /** Its scores cannot be trusted, so none is taken. */
  | 'untrusted'
  /** This request alone. */
  | 'failed';
