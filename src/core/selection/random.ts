import { seededRandom } from '../../base/seededRandom';
import type { SelectionRule } from './rule';
import type { Candidate, SelectionResult } from './selection';

/** `count` records drawn without replacement (partial Fisher-Yates), each subset equally likely; the seed fixes which. */
export function selectRandom(rule: Extract<SelectionRule, { kind: 'random' }>, candidates: readonly Candidate[]): SelectionResult {
  const next = seededRandom(rule.seed);
  const drawn = Uint32Array.from(candidates.keys());
  const count = Math.min(rule.count, drawn.length);
  for (let index = 0; index < count; index++) {
    const other = index + Math.floor(next() * (drawn.length - index));
    [drawn[index], drawn[other]] = [drawn[other] ?? 0, drawn[index] ?? 0];
  }
  return {
    chosen: Array.from(drawn.subarray(0, count).sort()),
    steps: [
      { step: 'all records', records: candidates.length },
      { step: `random ${rule.count}, seed ${rule.seed}`, records: count },
    ],
    tieRule: 'none: records are drawn, not ranked',
  };
}
