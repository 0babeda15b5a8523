import type { JsonPath, Span } from './conversation';
import { unitOffsets } from './json/unitOffsets';
import { locate } from './splice';

/** Turns a range of a text, in UTF-16 units, into its place in the record's line. A character is never cut in half: half of one counts as the whole. */
export type PlaceOf = (start: number, end: number) => Span;

/** Where the parts of the string at `path` stand in a line that `parseLine` could read; undefined if no string stands there. */
export function textPlaces(line: string, path: JsonPath): PlaceOf | undefined {
  const span = locate(line, path);
  if (span === undefined || line[span.start] !== '"') return undefined;
  const literal = line.slice(span.start, span.end);
  const text = String(JSON.parse(literal));
  const offsets = unitOffsets(literal);
  const inLine = (unit: number) => span.start + (offsets[Math.min(Math.max(unit, 0), text.length)] ?? 0);
  return (start, end) => ({ start: inLine(cutsCharacter(text, start) ? start - 1 : start), end: inLine(cutsCharacter(text, end) ? end + 1 : end) });
}

/** Does a unit begin inside a surrogate pair? */
function cutsCharacter(text: string, unit: number): boolean {
  return isSurrogate(text, unit - 1, 0xd800) && isSurrogate(text, unit, 0xdc00);
}

function isSurrogate(text: string, unit: number, first: number): boolean {
  const value = text.charCodeAt(unit);
  return value >= first && value < first + 0x400;
}
