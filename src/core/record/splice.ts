import type { JsonPath, Span } from './conversation';
import { findValue } from './json/find';

/*
 * Finds the place of a value in, and writes one text back into, a line that `parseLine` could read. Every other byte of the line
 * stays: key order, spacing, escapes and the spelling of numbers are never touched.
 */

/** A text to put in place of a span of the line. */
export interface Splice {
  readonly span: Span;
  /** A JSON string literal with its quotation marks. */
  readonly literal: string;
}

/** The span of a value, with the quotation marks of a string. Of two properties with one name the last counts. */
export function locate(line: string, path: JsonPath): Span | undefined {
  return findValue(line, path);
}

/** What to write where, so that the string at `path` becomes `text`; undefined if no string stands there. */
export function spliceText(line: string, path: JsonPath, text: string): Splice | undefined {
  const span = locate(line, path);
  if (span === undefined || line[span.start] !== '"') return undefined;
  return { span, literal: writeLiteral(text, readHabit(line)) };
}

/** The line with the string at `path` replaced; undefined if no string stands there. */
export function applySplice(line: string, path: JsonPath, text: string): string | undefined {
  const splice = spliceText(line, path, text);
  return splice && line.slice(0, splice.span.start) + splice.literal + line.slice(splice.span.end);
}

/** How the writer of a line escapes what JSON lets it write either way. */
interface EscapeHabit {
  /** Python's `ensure_ascii`. */
  readonly asciiOnly: boolean;
  readonly upperCaseHex: boolean;
  /** PHP's `\/`. */
  readonly slash: boolean;
}

const escapedUnit = /(?<!\\)(?:\\\\)*\\u(?!00[0-7])([0-9a-fA-F]{4})/;
const escapedSlash = /(?<!\\)(?:\\\\)*\\\//;

/** A line that shows no habit (all ASCII, nothing escaped) is written as JSON.stringify writes. */
function readHabit(line: string): EscapeHabit {
  const unit = nonAscii.test(line) ? null : escapedUnit.exec(line);
  return {
    asciiOnly: unit !== null,
    upperCaseHex: unit !== null && /[A-F]/.test(unit[1] ?? ''),
    slash: escapedSlash.test(line) && !plainSlash.test(line),
  };
}

// A byte-order mark before the record says nothing about the record's own escapes.
const nonAscii = /(?!^\ufeff)[\u0080-\uffff]/;
const plainSlash = /(?<!\\)(?:\\\\)*\//;

/** U+2028 and U+2029 are escaped always: editors and Python take them for the end of a line. */
const lineSeparators = /[\u2028\u2029]/g;

function writeLiteral(text: string, habit: EscapeHabit): string {
  let literal = JSON.stringify(text).replace(habit.asciiOnly ? /[\u0080-\uffff]/g : lineSeparators, (unit) => escapeUnit(unit, habit));
  if (habit.slash) literal = literal.replaceAll('/', '\\/');
  return literal;
}

function escapeUnit(unit: string, { upperCaseHex }: EscapeHabit): string {
  const hex = unit.charCodeAt(0).toString(16).padStart(4, '0');
  return `\\u${upperCaseHex ? hex.toUpperCase() : hex}`;
}
