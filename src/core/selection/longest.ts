import type { SelectionRule } from './rule';
import type { Candidate, SelectionResult } from './selection';
import { selectTop } from './top';

/**
 * The k responses with the most words (Long Is More for Alignment, arXiv 2402.04833, where k is 1,000): stable, the earlier
 * record first among equals.
 */
export function selectLongest(rule: Extract<SelectionRule, { kind: 'longest' }>, candidates: readonly Candidate[]): SelectionResult {
  return selectTop({ kind: 'top', score: 'length.words', direction: 'highest', count: rule.count }, candidates);
}
