/**
 * Compatibility-Adjusted Reward (arXiv 2411.07133): `CAR = r / (1 + β·L)`, L the loss of the base model that will be trained,
 * in nats per token, on the responses given their instructions.
 */

/** The paper's β is a setting; this is the one that Cupel starts with. */
export const defaultBeta = 3;

/** How rewards below zero are handled: refuse, shift by a given amount, or shift so that the lowest becomes 0. */
export type CarOffsetMode = 'none' | 'min' | number;

/** CAR of one record: Cupel's extension of a dataset-level score. The mean of these is not `datasetCar`. */
export function car(reward: number, loss: number, beta: number): number {
  return reward / (1 + beta * loss);
}

/** CAR(D, θ): mean reward over 1 + β times the mean of the records' mean token losses. NaN for empty lists: callers ask only when there is something. */
export function datasetCar(rewards: readonly number[], losses: readonly number[], beta: number): number {
  return car(mean(rewards), mean(losses), beta);
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

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
