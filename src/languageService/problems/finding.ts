import type { JsonPath, Span } from '../../core/record/conversation';
import type { Severity } from '../../core/record/rules/catalogue';

/** A problem before it is placed in its line: that is done for the reported ones only. */
export interface Finding {
  readonly line: number;
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** In the line. */
  readonly span?: Span;
  /** The value it is about; the record as a whole when absent. */
  readonly path?: JsonPath;
  /** The part of the text at `path`. */
  readonly part?: Span;
  /** How bad it is beside others of its rule; 0 when absent. */
  readonly weight?: number;
  /** Other lines that it is about. */
  readonly others?: () => readonly number[];
}

/** What the reporting of one rule keeps: the worst few, and how many more there are. */
export class FindingGroup {
  readonly #limit: number;
  readonly #kept: Finding[] = [];
  #more = 0;
  #weighed = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(finding: Finding): void {
    if (finding.weight !== undefined) this.#weighed = true;
    if (this.#weighed || this.#kept.length < this.#limit) this.#kept.push(finding);
    else this.#more += 1;
  }

  /** In the order of the file. @param limit no more than these. */
  worst(limit: number): { readonly shown: readonly Finding[]; readonly more: number } {
    const kept = this.#weighed ? this.#kept.toSorted((a, b) => (b.weight ?? 0) - (a.weight ?? 0) || a.line - b.line) : this.#kept;
    const shown = kept.slice(0, Math.min(limit, this.#limit));
    return { shown: shown.toSorted((a, b) => a.line - b.line), more: this.#more + kept.length - shown.length };
  }
}
