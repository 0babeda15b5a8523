import type { Span } from '../conversation';
import { code, endOfString } from './structure';

/** Something in a JSON text that stands around a place. */
export interface Enclosing {
  /** `string`: a literal with its quotation marks, key or value. `field`: a key with its value. `value`: an object, an array, or an element. */
  readonly kind: 'string' | 'field' | 'value';
  readonly span: Span;
}

interface Open {
  readonly start: number;
  readonly isObject: boolean;
  /** Where the member in progress began; -1 between members. */
  memberStart: number;
}

/**
 * What stands around, or touches, offset `at`, the innermost first; each span holds the one before it. One pass, no recursion,
 * and no throw on broken text: what is never closed reaches to the end.
 */
export function enclosing(json: string, at: number): Enclosing[] {
  const found: Enclosing[] = [];
  const open: Open[] = [];
  const add = (kind: Enclosing['kind'], start: number, end: number) => {
    if (at < start || at > end) return;
    const inner = found.at(-1)?.span;
    if (inner && (inner.start < start || inner.end > end)) return;
    found.push({ kind, span: { start, end } });
  };
  const endMember = (top: Open, end: number) => {
    if (top.memberStart >= 0) add(top.isObject ? 'field' : 'value', top.memberStart, backOverSpace(json, end, top.memberStart));
    top.memberStart = -1;
  };
  for (let index = 0; index < json.length; index++) {
    const unit = json.charCodeAt(index);
    const top = open.at(-1);
    if (isSpace(unit) || unit === code.colon) continue;
    if (unit === code.comma) {
      if (top) endMember(top, index);
      continue;
    }
    if (unit === code.closeBrace || unit === code.closeBracket) {
      if (top) endMember(top, index);
      open.pop();
      if (top) add('value', top.start, index + 1);
      continue;
    }
    if (top && top.memberStart < 0) top.memberStart = index;
    if (unit === code.quote) {
      const end = endOfString(json, index);
      add('string', index, end);
      index = end - 1;
    } else if (unit === code.openBrace || unit === code.openBracket) {
      open.push({ start: index, isObject: unit === code.openBrace, memberStart: -1 });
    }
  }
  for (const unclosed of open.reverse()) {
    endMember(unclosed, json.length);
    add('value', unclosed.start, json.length);
  }
  return found;
}

function backOverSpace(json: string, end: number, start: number): number {
  let at = end;
  while (at > start && isSpace(json.charCodeAt(at - 1))) at--;
  return at;
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x09 || unit === 0x0a || unit === 0x0d || unit === 0xfeff;
}
