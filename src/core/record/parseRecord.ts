import type { DataRecord, Span } from './conversation';

/** Why a line is no record. */
export type InvalidRule = 'broken-json' | 'not-an-object' | 'unknown-shape' | 'too-deep' | 'too-long';

export interface InvalidLine {
  readonly status: 'invalid';
  readonly rule: InvalidRule;
  /** One sentence that names the remedy. */
  readonly message: string;
  /** Where in the line; the whole line when absent. */
  readonly span?: Span;
}

export type ParsedLine =
  | { readonly status: 'ok'; readonly record: DataRecord }
  | { readonly status: 'empty' }
  | InvalidLine;
