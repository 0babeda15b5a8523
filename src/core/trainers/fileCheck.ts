import type { RecordRule } from '../record/conversation';
import type { ParsedLine } from '../record/parseRecord';
import { describeType, quoteShort } from '../record/shapes/fields';
import { isObject } from '../record/shapes/shape';
import type { JsonObject } from '../record/shapes/shape';
import type { LineFinding, Trainer } from './trainer';

export interface CheckedLine {
  /** 1-based. */
  readonly number: number;
  readonly parsed: ParsedLine;
  /** The line's JSON value; absent when the line is empty or no JSON. */
  readonly value?: unknown;
}

/** What every trainer suffers from, whatever its shape; the other record rules are the profiles' own business. */
const commonRules: ReadonlySet<RecordRule> = new Set(['empty-prompt', 'empty-response', 'duplicate-key', 'lone-surrogate']);

/** Checks a file as it is read, in constant memory: `line` for each line in order, then `end` once. */
export class FileCheck {
  readonly #trainer: Trainer;
  readonly #types = new FieldTypes();
  #records = 0;

  constructor(trainer: Trainer) {
    this.#trainer = trainer;
  }

  *line({ number, parsed, value }: CheckedLine): Generator<LineFinding, void, undefined> {
    if (parsed.status === 'empty') return;
    if (!isObject(value)) {
      yield { line: number, rule: 'not-a-record', severity: 'error', message: parsed.status === 'invalid' ? parsed.message : 'The line is no JSON object.' };
      return;
    }
    this.#records++;
    for (const finding of this.#trainer.check(value)) yield { ...finding, line: number };
    if (this.#trainer.oneTypePerField) yield* this.#types.check(value, number);
    if (parsed.status !== 'ok') return;
    for (const { rule, message, path } of parsed.record.problems) {
      if (commonRules.has(rule)) yield { line: number, rule, severity: 'warning', message, ...(path && { path }) };
    }
  }

  /** What only the whole file shows; reported on line 1. */
  *end(): Generator<LineFinding, void, undefined> {
    const { fewestRecords, title } = this.#trainer;
    if (fewestRecords !== undefined && this.#records < fewestRecords) {
      yield { line: 1, rule: 'too-few-records', severity: 'error', message: `${title} wants at least ${fewestRecords} records; this file has ${this.#records}.` };
    }
  }
}

/** More top-level names than a dataset has columns: the rest goes unchecked rather than filling the memory. */
const mostFields = 200;

/** Remembers the type that each top-level field had first. */
class FieldTypes {
  readonly #first = new Map<string, { readonly type: string; readonly line: number }>();

  *check(record: JsonObject, line: number): Generator<LineFinding, void, undefined> {
    for (const [name, value] of Object.entries(record)) {
      if (value === null) continue;
      const type = describeType(value);
      const first = this.#first.get(name);
      if (first === undefined) {
        if (this.#first.size < mostFields) this.#first.set(name, { type, line });
      } else if (first.type !== type) {
        yield {
          line,
          rule: 'mixed-types',
          severity: 'error',
          message: `${quoteShort(name)} is ${type} here and ${first.type} on line ${first.line}: Hugging Face datasets refuses a file with both.`,
          path: [name],
        };
      }
    }
  }
}
