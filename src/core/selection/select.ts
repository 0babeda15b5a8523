import { selectLongest } from './longest';
import { selectRandom } from './random';
import type { SelectionRule } from './rule';
import type { Candidate, SelectionResult } from './selection';
import { selectTop } from './top';

/** Runs one rule. The same candidates and rule give the same result on every machine. */
export function selectRecords(rule: SelectionRule, candidates: readonly Candidate[]): SelectionResult {
  switch (rule.kind) {
    case 'longest':
      return selectLongest(rule, candidates);
    case 'top':
      return selectTop(rule, candidates);
    case 'random':
      return selectRandom(rule, candidates);
  }
}
