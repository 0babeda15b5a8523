import type { ScoreSet } from '../scores/catalogue';

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
