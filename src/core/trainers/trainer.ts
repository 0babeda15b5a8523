import type { JsonPath } from '../record/conversation';
import type { JsonObject } from '../record/shapes/shape';

/** What a trainer reads, and what it refuses, skips or drops without a word. Shape-level: lengths and templates are not looked at. */
export interface Trainer {
  readonly id: string;
  /** For people: `LLaMA-Factory, formatting: alpaca`. */
  readonly title: string;
  /** Where the rules were read. */
  readonly source: string;
  /** Fewer records than this are refused. */
  readonly fewestRecords?: number;
  /** The trainer loads files with Hugging Face `datasets`, which refuses a field that is a text on one line and a list on another. */
  readonly oneTypePerField: boolean;
  /** Looks at one record as it stands in the file. Never throws, whatever the value holds. */
  check(record: JsonObject): readonly Finding[];
}

export interface Finding {
  /** `missing-field`, `not-text`, `unknown-role`, `would-skip`, … */
  readonly rule: string;
  /** An error stops the trainer or loses the record; a warning is for a person to judge. */
  readonly severity: 'error' | 'warning';
  /** One sentence; holds no dataset text but field and role names, quoted and cut short. */
  readonly message: string;
  /** The value it is about; the whole record when absent. */
  readonly path?: JsonPath;
}

export interface LineFinding extends Finding {
  /** 1-based. */
  readonly line: number;
}
