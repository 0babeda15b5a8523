/**
 * Compatibility-Adjusted Reward (arXiv 2411.07133): `CAR = r / (1 + β·L)`, L the loss of the base model that will be trained,
 * in nats per token, on the responses given their instructions.
 */

/** The paper's β is a setting; this is the one that Cupel starts with. */
export const defaultBeta = 3;

/** How rewards below zero are handled: refuse, shift by a given amount, or shift so that the lowest becomes 0. */
export type CarOffsetMode = 'none' | 'min' | number;

/**
 * Of a dataset when given its mean reward and the mean of its records' mean token losses, as published. Of one record it is
 * Cupel's extension; the mean of such values is not the dataset's.
 */
export function car(reward: number, loss: number, beta: number): number {
  return reward / (1 + beta * loss);
}

/** What is added to every reward before CAR is computed; `undefined` with the reason when CAR cannot be computed at all. */
export type CarOffset = { readonly offset: number } | { readonly offset: undefined; readonly reason: string };

/**
 * The one offset for everything that is compared: a negative reward would let a larger loss raise CAR, so rewards are shifted
 * when any of them is negative, and left alone (offset 0) otherwise.
 */
export function carOffset(rewards: Iterable<number>, mode: CarOffsetMode): CarOffset {
  let lowest = Infinity;
  for (const reward of rewards) lowest = Math.min(lowest, reward);
  if (lowest >= 0) return { offset: 0 };
  if (mode === 'min') return { offset: -lowest };
  if (mode === 'none') return { offset: undefined, reason: negativeRewardReason };
  if (lowest + mode < 0) return { offset: undefined, reason: `some rewards stay negative after the offset ${mode}` };
  return { offset: mode };
}

export const negativeRewardReason = 'some rewards are negative and the offset is none';
