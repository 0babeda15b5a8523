import { asError } from './queue';

/** Chance and time, injected so that tests neither wait nor vary. */
export interface Backoff {
  /** Rejects with the signal's reason when aborted. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
}

export const realBackoff: Backoff = {
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        reject(asError(signal?.reason));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop);
        resolve();
      }, milliseconds);
      if (signal?.aborted === true) stop();
      else signal?.addEventListener('abort', stop, { once: true });
    }),
  random: Math.random,
};

/** How a failed attempt is to be treated. */
export type RetryVerdict =
  | { readonly again: false }
  /** `afterMs`: what the server asked for; without it the wait doubles from attempt to attempt. */
  | { readonly again: true; readonly afterMs?: number };

export interface RetryOptions {
  readonly judge: (error: unknown) => RetryVerdict;
  readonly backoff: Backoff;
  /** Attempts in all, given the last error; read before each wait, since others may find out meanwhile that the server is gone. */
  readonly attempts: (error: unknown) => number;
  readonly signal?: AbortSignal | undefined;
  readonly onWait?: (attempt: number, milliseconds: number, error: unknown) => void;
}

const firstWaitMs = 500;
const longestWaitMs = 30_000;
/** A server that asks for more than this is as good as down; its request fails and can be asked for again later. */
const longestServerWaitMs = 5 * 60_000;

/** Calls `attempt` until it succeeds, its error is final, or the attempts are used up; then throws the last error. */
export async function retry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let made = 1; ; made += 1) {
    options.signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      options.signal?.throwIfAborted();
      const verdict = options.judge(error);
      if (!verdict.again || made >= options.attempts(error)) throw error;
      const wait = waitBefore(made, verdict.afterMs, options.backoff.random());
      if (wait === undefined) throw error;
      options.onWait?.(made, wait, error);
      await options.backoff.sleep(wait, options.signal);
    }
  }
}

/** Half to all of a doubling wait; never less than the server asked for, and up to a tenth more so that waiters spread out. */
function waitBefore(attempt: number, afterMs: number | undefined, random: number): number | undefined {
  if (afterMs === undefined) {
    const whole = Math.min(firstWaitMs * 2 ** (attempt - 1), longestWaitMs);
    return Math.round(whole * (0.5 + random / 2));
  }
  if (afterMs > longestServerWaitMs) return undefined;
  return Math.round(afterMs * (1 + random / 10));
}

/** Statuses after which asking again can help. */
export function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

/**
 * `Retry-After` in milliseconds from now: whole seconds or an HTTP date (RFC 9110 §10.2.3); undefined for anything else.
 * `retry-after-ms`, which some servers send for finer waits, goes first.
 */
export function retryAfterMs(header: (name: string) => string | null | undefined, now: Date): number | undefined {
  const fine = header('retry-after-ms')?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(fine)) return Number(fine);
  const value = header('retry-after')?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const date = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}
