import { seededRandom } from '../../base/seededRandom';
import { car } from '../scores/car';
import { quantile } from '../scores/summary';

/** Enough for two digits of a 95 % interval. */
const resamples = 200;
/** Large files get fewer resamples rather than a longer wait: their intervals are narrow anyway. */
const drawsAtMost = 10_000_000;
const fewestResamples = 40;
/** One seed, so that a ranking is the same bytes every time and teachers meet the same resamples. */
const seed = 20241107;

/**
 * The percentile-bootstrap 95 % interval of CAR = mean reward over 1 + β · mean loss, resampling instructions.
 * NaN marks a record without a value; both lists are in the order of the same instructions. Undefined for fewer than two records.
 */
export function carInterval(rewards: Float64Array, losses: Float64Array, options: { readonly beta: number; readonly offset: number }): readonly [low: number, high: number] | undefined {
  const n = rewards.length;
  if (n < 2) return undefined;
  const next = seededRandom(seed);
  const times = Math.max(fewestResamples, Math.min(resamples, Math.floor(drawsAtMost / n)));
  const cars: number[] = [];
  for (let time = 0; time < times; time++) {
    let [rewardSum, rewardCount, lossSum, lossCount] = [0, 0, 0, 0];
    for (let draw = 0; draw < n; draw++) {
      const index = Math.floor(next() * n);
      const reward = rewards[index] ?? NaN;
      const loss = losses[index] ?? NaN;
      if (!Number.isNaN(reward)) {
        rewardSum += reward;
        rewardCount++;
      }
      if (!Number.isNaN(loss)) {
        lossSum += loss;
        lossCount++;
      }
    }
    if (rewardCount > 0 && lossCount > 0) cars.push(car(rewardSum / rewardCount + options.offset, lossSum / lossCount, options.beta));
  }
  const sorted = Float64Array.from(cars).sort();
  const [low, high] = [quantile(sorted, 0.025), quantile(sorted, 0.975)];
  return Number.isFinite(low) && Number.isFinite(high) ? [low, high] : undefined;
}
