import { fail, ok, type Result } from '../../../base/result';
import type { PromptLogProbs, PromptToScore } from './lossWire';

/** Rounding in half precision can end a hair above 0. */
const noise = 1e-3;
/** vLLM writes −9999 for minus infinity. */
const impossible = -9000;

/**
 * Nats of each token of the prompt, index by index; tokens before `from` are NaN.
 * The reason says what is wrong with the reply, to be put behind the server's name: "gave 1 log-probability …".
 */
export function promptNlls(prompt: Pick<PromptToScore, 'ids' | 'from'>, reply: PromptLogProbs): Result<Float64Array> {
  const { ids, from } = prompt;
  const { logProbs, start } = reply;
  if (logProbs === undefined) return fail('gave no log-probabilities of the prompt');
  if (logProbs.length !== ids.length - start) {
    return fail(`gave ${logProbs.length} ${logProbs.length === 1 ? 'log-probability' : 'log-probabilities'} for ${ids.length - start} prompt tokens`);
  }
  if (reply.promptTokens !== undefined && reply.promptTokens !== ids.length) return fail(`counted ${reply.promptTokens} prompt tokens where ${ids.length} were sent`);
  const other = reply.ids?.findIndex((id, i) => id !== undefined && id !== ids[start + i]) ?? -1;
  if (other >= 0) return fail(`scored other tokens than those sent (token ${start + other + 1} is ${reply.ids?.[other]} and not ${ids[start + other]})`);

  const nlls = new Float64Array(ids.length).fill(Number.NaN);
  for (const [i, logProb] of logProbs.entries()) {
    const at = start + i;
    if (at < from) continue;
    if (logProb === null) return fail(`gave null for token ${at + 1}, where only the first may have none`);
    if (!Number.isFinite(logProb) || logProb <= impossible) return fail(`gave ${logProb} for token ${at + 1}, which is no finite log-probability`);
    if (logProb > noise) return fail(`gave ${logProb} for token ${at + 1}, and no log-probability is above 0`);
    nlls[at] = Math.max(0, -logProb);
  }
  if (start === 0 && logProbs[0] !== null) return fail(`gave ${logProbs[0]} for the first token, which has nothing before it`);
  return ok(nlls);
}
