import type { FaultCause } from './faultCauses';
import { endOfString } from './structure';
import type { TextChange } from './textChanges';

/** What a repair mends: the causes of faults, and those of records that stand on several lines. */
export type RepairCause = FaultCause | 'line-break' | 'odd-space' | 'spread';

/** A quoted text as far as it goes, and what makes it a JSON string. */
export interface MendedText {
  /** After its closing mark; the end of the whole text when it is never closed. */
  readonly end: number;
  readonly closed: boolean;
  /** Where an escape begins that the end of the whole text cuts off. */
  readonly torn?: number;
  readonly changes: readonly (TextChange & { readonly cause: RepairCause })[];
}

const closingMarks: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ['`', '`'],
  ['‘', '’'],
  ['“', '”'],
  ['”', '”'],
]);

const special: ReadonlyMap<string, RegExp> = new Map([...new Set(closingMarks.values())].map((mark) => [mark, new RegExp(`["\\\\\\p{Cc}${mark}]`, 'gu')]));

export function isQuotationMark(character: string): boolean {
  return closingMarks.has(character);
}

const nothing: ReadonlySet<number> = new Set();

/**
 * Reads the quoted text that starts at `start` with whatever quotation mark. Its characters stay the same: marks become
 * straight double ones, what JSON wants escaped is escaped, a backslash that begins no escape stands for itself.
 * Undefined where a backslash stands before a line break, whose meaning nobody knows.
 * @param inner quotation marks that belong to the text and do not end it.
 */
export function mendText(json: string, start: number, inner = nothing): MendedText | undefined {
  const opening = json.charAt(start);
  const closing = closingMarks.get(opening) ?? '"';
  const pattern = special.get(closing);
  if (!pattern) return undefined;
  const changes: (TextChange & { cause: RepairCause })[] = [];
  if (opening !== '"') changes.push({ start, end: start + 1, text: '"', cause: 'single-quotes' });
  for (let at = start + 1; ; ) {
    pattern.lastIndex = at;
    const found = pattern.exec(json);
    if (!found) return { end: json.length, closed: false, changes };
    at = found.index + 1;
    const unit = json.charCodeAt(found.index);
    if (inner.has(found.index)) {
      changes.push({ start: found.index, end: found.index, text: '\\', cause: 'unescaped-quote' });
    } else if (found[0] === closing) {
      if (closing !== '"') changes.push({ start: found.index, end: at, text: '"', cause: 'single-quotes' });
      return { end: at, closed: true, changes };
    } else if (found[0] === '"') {
      changes.push({ start: found.index, end: found.index, text: '\\', cause: 'single-quotes' });
    } else if (found[0] === '\\') {
      if (isTorn(json, found.index)) return { end: json.length, closed: false, torn: found.index, changes };
      const escape = mendEscape(json, found.index);
      if (escape === undefined) return undefined;
      if (escape.change) changes.push({ ...escape.change, cause: 'bad-escape' });
      at = escape.end;
    } else if (unit < 0x20) {
      changes.push({ start: found.index, end: at, text: escaped(unit), cause: unit === 0x0a ? 'line-break' : 'control-character' });
    }
  }
}

const unicode = /u[0-9a-fA-F]{4}/y;
const short = /x([0-9a-fA-F]{2})/y;
const long = /U([0-9a-fA-F]{8})/y;

/** The escape whose backslash stands at `at`: Python's and JavaScript's become JSON's. */
function mendEscape(json: string, at: number): { readonly end: number; readonly change?: TextChange } | undefined {
  const next = json.charAt(at + 1);
  if ('"\\/bfnrt'.includes(next)) return { end: at + 2 };
  if (next === '\n' || next === '\r') return undefined;
  if (matches(unicode, json, at + 1)) return { end: at + 6 };
  if (next === "'" || next === '`') return { end: at + 2, change: { start: at, end: at + 1, text: '' } };
  const byte = matches(short, json, at + 1)?.[1];
  if (byte !== undefined) return { end: at + 4, change: { start: at + 1, end: at + 2, text: 'u00' } };
  const point = Number.parseInt(matches(long, json, at + 1)?.[1] ?? '', 16);
  if (point <= 0x10ffff) {
    const character = String.fromCodePoint(point);
    const units = Array.from({ length: character.length }, (_, index) => hexEscape(character.charCodeAt(index)));
    return { end: at + 10, change: { start: at, end: at + 10, text: units.join('') } };
  }
  return { end: at + 1, change: { start: at, end: at, text: '\\' } };
}

function isTorn(json: string, at: number): boolean {
  return json.length - at < 6 && /^\\(?:u[0-9a-fA-F]*)?$/.test(json.slice(at));
}

function matches(pattern: RegExp, json: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(json);
}

function escaped(unit: number): string {
  const written = JSON.stringify(String.fromCharCode(unit));
  return written.slice(1, -1);
}

function hexEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}

/** What follows a text that ends here, as the value of a field: the end of the object, or a comma and the next field's name. */
const afterField = /\s{0,100}(?:\}|,\s{0,100}(?:\}|"[^"\\]{0,200}"\s{0,100}:))/y;

/**
 * The end of a text that is a field's value and holds quotation marks unescaped, and those marks. Only where they come in
 * pairs and the end is the first place at which the object can go on; undefined otherwise.
 * @param first where the mark stands at which the text seemed to end.
 */
export function findInnerMarks(json: string, first: number): ReadonlySet<number> | undefined {
  const marks = new Set<number>();
  for (let at = first; json[at] === '"'; at = endOfString(json, at) - 1) {
    if (matches(afterField, json, at + 1)) return marks.size > 0 && marks.size % 2 === 0 ? marks : undefined;
    // Two in a row may be one mark, written as in CSV.
    if (json[at + 1] === '"' || at + 1 >= json.length) return undefined;
    marks.add(at);
  }
  return undefined;
}
