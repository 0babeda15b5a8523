import { code, endOfString } from './structure';

/** A property of an object or an element of an array, where it stands in valid JSON text. */
export interface Member {
  /** Start of the key with its quotation mark; of the value in an array. */
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** The key as it reads once parsed, or the element's index. */
  readonly step: string | number;
}

/** The members of the object or array that starts at `start`; none if another value stands there. Walks without recursion. */
export function* membersOf(json: string, start: number): Generator<Member> {
  const kind = json.charCodeAt(start);
  if (kind !== code.openBrace && kind !== code.openBracket) return;
  let at = skipSpace(json, start + 1);
  for (let index = 0; at < json.length; index++) {
    const first = json.charCodeAt(at);
    if (first === code.closeBrace || first === code.closeBracket) return;
    const memberStart = at;
    let step: string | number = index;
    if (kind === code.openBrace) {
      const keyEnd = endOfString(json, at);
      step = readKey(json, at, keyEnd);
      at = skipSpace(json, skipSpace(json, keyEnd) + 1);
    }
    const valueEnd = endOfValue(json, at);
    yield { start: memberStart, valueStart: at, valueEnd, step };
    at = skipSpace(json, valueEnd);
    if (json.charCodeAt(at) !== code.comma) return;
    at = skipSpace(json, at + 1);
  }
}

/** The offset after the value that starts at `start`. */
export function endOfValue(json: string, start: number): number {
  const first = json.charCodeAt(start);
  if (first === code.quote) return endOfString(json, start);
  let at = start;
  let depth = 0;
  for (; at < json.length; at++) {
    switch (json.charCodeAt(at)) {
      case code.quote:
        at = endOfString(json, at) - 1;
        break;
      case code.openBrace:
      case code.openBracket:
        depth++;
        break;
      case code.closeBrace:
      case code.closeBracket:
        depth--;
        if (depth === 0) return at + 1;
        if (depth < 0) return trimEnd(json, start, at);
        break;
      case code.comma:
        if (depth === 0) return trimEnd(json, start, at);
        break;
    }
  }
  return trimEnd(json, start, at);
}

/** Passes over JSON's white space and a byte-order mark. */
export function skipSpace(json: string, start: number): number {
  let at = start;
  while (isSpace(json.charCodeAt(at))) at++;
  return at;
}

function trimEnd(json: string, start: number, end: number): number {
  let at = end;
  while (at > start && isSpace(json.charCodeAt(at - 1))) at--;
  return at;
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x09 || unit === 0x0a || unit === 0x0d || unit === 0xfeff;
}

function readKey(json: string, start: number, end: number): string {
  const raw = json.slice(start + 1, end - 1);
  return raw.includes('\\') ? String(JSON.parse(json.slice(start, end))) : raw;
}
