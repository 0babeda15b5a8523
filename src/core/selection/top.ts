import type { SelectionRule } from './rule';
import type { Candidate, SelectionResult, SelectionStep } from './selection';

type TopRule = Extract<SelectionRule, { kind: 'top' }>;

/**
 * The best by one score: defined values only, strictly inside the bounds, stable sort, then `count` of them or the rate's share
 * of all records (Superfiltering, arXiv 2402.00530: the share is of the whole dataset, not of what the bounds leave). With
 * neither, everything inside the bounds; with both, the smaller.
 */
export function selectTop(rule: TopRule, candidates: readonly Candidate[]): SelectionResult {
  const { score, below, above } = rule;
  const steps: SelectionStep[] = [{ step: 'all records', records: candidates.length }];

  let pool = candidates.flatMap(({ scores }, index) => {
    const value = scores.values[score];
    return value === undefined ? [] : [{ index, value }];
  });
  steps.push({ step: `${score} is defined`, records: pool.length });
  if (below !== undefined) {
    pool = pool.filter(({ value }) => value < below);
    steps.push({ step: `${score} < ${below}`, records: pool.length });
  }
  if (above !== undefined) {
    pool = pool.filter(({ value }) => value > above);
    steps.push({ step: `${score} > ${above}`, records: pool.length });
  }

  const limit = takeAtMost(rule, candidates.length);
  if (limit !== undefined) {
    const sign = rule.direction === 'highest' ? -1 : 1;
    pool.sort((a, b) => sign * (a.value - b.value) || a.index - b.index);
    pool = pool.slice(0, limit);
    steps.push({ step: `${rule.direction} ${limit} by ${score}`, records: pool.length });
  }
  const chosen = pool.map(({ index }) => index).sort((a, b) => a - b);
  return { chosen, steps, tieRule: `among equal ${score} the earlier record` };
}

function takeAtMost({ count, rate }: TopRule, records: number): number | undefined {
  const share = rate === undefined ? undefined : floorOfShare(records, rate);
  if (count === undefined) return share;
  return share === undefined ? count : Math.min(count, share);
}

/** `floor(n · rate)` as the decimal rate is meant: .29 of 100 is 29, although the doubles multiply to 28.999…. */
function floorOfShare(records: number, rate: number): number {
  const product = records * rate;
  const nearest = Math.round(product);
  return Math.abs(product - nearest) < 1e-9 * Math.max(1, nearest) ? nearest : Math.floor(product);
}
