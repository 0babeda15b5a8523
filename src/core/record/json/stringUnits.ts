import { code } from './structure';

/** A string literal as the UTF-16 units it stands for and where each is written. */
export interface StringUnits {
  readonly units: Uint16Array;
  /** Offset of each unit in the JSON text, or of the backslash where it is escaped; a last entry is where the content ends. */
  readonly offsets: Uint32Array;
}

/** Reads the literal that starts with the quotation mark at `start` and ends before `end`. Never throws: the backslash of a broken escape stands for itself. */
export function readUnits(json: string, start: number, end: number): StringUnits {
  const units = new Uint16Array(end - start);
  const offsets = new Uint32Array(end - start + 1);
  let count = 0;
  let at = start + 1;
  while (at < end && json.charCodeAt(at) !== code.quote) {
    offsets[count] = at;
    const length = lengthOfUnit(json, at, end);
    const escape = json.charAt(at + 1);
    if (length === 1) units[count++] = json.charCodeAt(at);
    else units[count++] = length === 6 ? parseInt(json.slice(at + 2, at + 6), 16) : (named[escape] ?? escape).charCodeAt(0);
    at += length;
  }
  offsets[count] = at;
  return { units: units.subarray(0, count), offsets: offsets.subarray(0, count + 1) };
}

function lengthOfUnit(json: string, at: number, end: number): 1 | 2 | 6 {
  if (json.charCodeAt(at) !== code.backslash || at + 1 >= end) return 1;
  if (json[at + 1] === 'u') return at + 6 <= end && /^[0-9a-fA-F]{4}$/.test(json.slice(at + 2, at + 6)) ? 6 : 1;
  return simpleEscapes.includes(json.charAt(at + 1)) ? 2 : 1;
}

const simpleEscapes = '"\\/bfnrt';
const named: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };
