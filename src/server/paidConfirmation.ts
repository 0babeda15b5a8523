import type { Connection } from 'vscode-languageserver';
import { formatAmount, formatCount } from '../core/scores/format';
import type { PaidEstimate, ScoreRun } from '../engine/engine';

export interface PaidConfirmationOptions {
  readonly connection: Connection;
  /** Of the run: once it is aborted no answer is waited for. */
  readonly signal: AbortSignal;
  /** How much larger than the part being estimated the whole run is; without it the estimate is a lower bound. */
  readonly scale?: () => number;
}

/**
 * For one run: asks the person once for each scorer that may cost money, whatever number of parts the run has.
 * A single request needs no question. A no rejects, which ends the run.
 */
export function paidConfirmation({ connection, signal, scale }: PaidConfirmationOptions): NonNullable<ScoreRun['confirmPaid']> {
  const asked = new Map<string, Promise<true>>();
  const ask = async ({ scorer, requests, tokens }: PaidEstimate): Promise<true> => {
    const factor = scale?.() ?? 1;
    const size = `${scale ? 'about ' : ''}${formatAmount(Math.round(requests * factor), 'request')}${scale ? '' : ' or more'}, about ${formatCount(Math.round(tokens * factor))} tokens of texts`;
    const answer = await abortable(connection.window.showWarningMessage(`${scorer} may charge for scoring: ${size}. Score with it?`, { title: 'Score' }), signal);
    if (answer?.title !== 'Score') throw new Error(`Nothing more was sent to ${scorer}: the cost of scoring with it was not accepted. What was finished is kept.`);
    return true;
  };
  return async (estimate) => {
    if (estimate.requests === 1 && !asked.has(estimate.scorer)) return true;
    const known = asked.get(estimate.scorer) ?? ask(estimate);
    asked.set(estimate.scorer, known);
    return known;
  };
}

async function abortable<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const done = new AbortController();
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true, signal: done.signal }));
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    done.abort();
  }
}
