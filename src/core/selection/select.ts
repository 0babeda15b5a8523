import type { ScoreSet } from '../scores/catalogue';
import { selectLongest } from './longest';
import { selectRandom } from './random';
import type { SelectionRule } from './rule';
import { selectTop } from './top';

/** A record that may be chosen. Callers list all records of the file, in file order, scored or not. */
export interface Candidate {
  /** 1-based. */
  readonly line: number;
  readonly scores: ScoreSet;
}

export interface SelectionStep {
  /** What is left after it: `all records`, `length.words is defined`, `ifd.ppl < 1`, `top 100`. */
  readonly step: string;
  readonly records: number;
}

export interface SelectionResult {
  /** Indices into the candidates, in file order. */
  readonly chosen: readonly number[];
  readonly steps: readonly SelectionStep[];
  /** One sentence for the manifest. */
  readonly tieRule: string;
}

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
