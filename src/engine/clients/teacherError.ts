import type { RetryVerdict } from '../jobs/retry';

/** A question that failed for a reason that a person can read. */
export class TeacherError extends Error {
  override readonly name = 'TeacherError';
  readonly kind: TeacherErrorKind;
  readonly verdict: RetryVerdict;

  constructor(kind: TeacherErrorKind, reason: string, verdict: RetryVerdict = { again: false }) {
    super(reason);
    this.kind = kind;
    this.verdict = verdict;
  }
}

export type TeacherErrorKind =
  /** No answer at all: refused, unknown host, closed before the first byte. */
  | 'unreachable'
  /** 401. */
  | 'unauthorized'
  /** Every other failure. */
  | 'failed';

const longestQuote = 240;

/** Text from a server made fit for one line of a message: no control characters, bounded, without the key. */
export function quoteServer(text: string, key: string | undefined): string {
  const line = hideSecrets(text, key).replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line.length > longestQuote ? `${line.slice(0, longestQuote)}…` : line;
}

const shortestSecret = 4;

/** Takes the key, and user:password in a URL, out of a text. */
export function hideSecrets(text: string, key: string | undefined): string {
  const keyless = key !== undefined && key.length >= shortestSecret ? text.replaceAll(key, '[key]') : text;
  return keyless.replace(/\/\/[^\s/@]+@/g, '//');
}
