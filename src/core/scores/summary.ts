/** Numbers about many numbers: what hovers, `stats` and rankings show. Only finite values go in. */

export interface Summary {
  readonly n: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** Linear interpolation between order statistics, as NumPy and pandas do. */
  readonly p05: number;
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  readonly p95: number;
}

/** Undefined for no values. */
export function summarize(values: readonly number[]): Summary | undefined {
  const sorted = Float64Array.from(values).sort();
  const min = sorted[0];
  const max = sorted[sorted.length - 1];
  if (min === undefined || max === undefined) return undefined;
  const at = (share: number): number => quantile(sorted, share);
  return { n: sorted.length, mean: mean(sorted), min, max, p05: at(0.05), p25: at(0.25), p50: at(0.5), p75: at(0.75), p95: at(0.95) };
}

/** NaN for no values. */
function mean(values: readonly number[] | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** The value below which a share (0 to 1) of the sorted values lies, interpolated; NaN for no values. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const position = share * (sorted.length - 1);
  const low = sorted[Math.floor(position)] ?? NaN;
  const high = sorted[Math.ceil(position)] ?? NaN;
  return low + (high - low) * (position - Math.floor(position));
}

/** How many of 100 sorted values lie below this one; equal values count half. NaN for no values. */
export function percentile(sorted: ArrayLike<number>, value: number): number {
  const below = firstIndex(sorted, (other) => other >= value);
  const notAbove = firstIndex(sorted, (other) => other > value);
  return (100 * (below + notAbove)) / (2 * sorted.length);
}

/** Spearman's ρ with average ranks for ties; undefined for fewer than two pairs or when one side is constant. */
export function spearman(a: readonly number[], b: readonly number[]): number | undefined {
  if (a.length !== b.length) throw new RangeError('spearman needs lists of one length');
  return pearson(averageRanks(a), averageRanks(b));
}

function averageRanks(values: readonly number[]): Float64Array {
  const order = Array.from(values, (value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && order[end]?.value === order[start]?.value) end++;
    for (const tied of order.slice(start, end)) ranks[tied.index] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

function pearson(a: Float64Array, b: Float64Array): number | undefined {
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let index = 0; index < a.length; index++) {
    const [da, db] = [(a[index] ?? 0) - meanA, (b[index] ?? 0) - meanB];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : undefined;
}

/** Index of the first sorted value that `holds`, which is false before it and true from it on; the length when none does. */
export function firstIndex(sorted: ArrayLike<number>, holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(sorted[middle] ?? NaN)) high = middle;
    else low = middle + 1;
  }
  return low;
}
