import type { DataRecord, JsonPath, Role, Span, Turn } from './conversation';
import { findValues } from './json/find';

/*
 * Reads positions in, and writes one text back into, a line that `parseLine` could read. Every other byte of the line
 * stays: key order, spacing, escapes and the spelling of numbers are never touched.
 */

/** A text to put in place of a span of the line. */
export interface Splice {
  readonly span: Span;
  /** A JSON string literal with its quotation marks. */
  readonly literal: string;
}

/** A text of a record and the string literal that holds it. */
export interface LocatedText {
  readonly role: Role;
  readonly part?: Turn['part'];
  /** `Exchange.name` of a response; absent for a turn of the prompt. */
  readonly exchange?: string;
  readonly path: JsonPath;
  readonly span: Span;
}

/** The span of a value, with the quotation marks of a string. Of two properties with one name the last counts. */
export function locate(line: string, path: JsonPath): Span | undefined {
  return findValues(line, [path])[0];
}

/** Every text of the record's conversation, in the order of the line, each once. */
export function locateTurns(line: string, record: DataRecord): LocatedText[] {
  const texts = new Map<string, Omit<LocatedText, 'span'>>();
  const add = (text: Omit<LocatedText, 'span'>) => texts.set(JSON.stringify(text.path), text);
  const addTurn = ({ role, part, path }: Turn) => add({ role, path, ...(part && { part }) });
  record.prompt.forEach(addTurn);
  for (const exchange of record.exchanges) exchange.prompt.forEach(addTurn);
  for (const { name, response } of record.exchanges) add({ role: 'assistant', exchange: name, path: response.path });
  const found = [...texts.values()];
  const spans = findValues(line, found.map((text) => text.path));
  return found
    .flatMap((text, index) => {
      const span = spans[index];
      return span ? [{ ...text, span }] : [];
    })
    .sort((a, b) => a.span.start - b.span.start);
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
