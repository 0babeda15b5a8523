import type { Span } from '../conversation';
import { skipSpace } from './members';
import { faultInEnding, faultInWord, faultInPlace } from './faultCauses';
import type { Expected, Fault } from './faultCauses';
import { scanString } from './stringFault';

/**
 * The first place where a text stops being JSON, and the likely cause: for a line that `JSON.parse` refused.
 * One pass without recursion; strict where jsonc-parser's scanner forgives.
 */
export function findFault(json: string): Fault {
  return firstFault(json) ?? faultInEnding(json, []);
}

/**
 * The same for any text; undefined where there is no fault.
 * `lineBreaks`: a text may hold them unescaped, as in a record that was written over several lines.
 */
export function firstFault(json: string, { lineBreaks = false } = {}): Fault | undefined {
  const open: ('{' | '[')[] = [];
  let expected = 'value' as Expected;
  let comma: Span | undefined;
  for (let at = nextToken(json, 0); at < json.length; ) {
    const token = json.charAt(at);
    const container = open.at(-1);
    const wantsKey = expected === 'key' || expected === 'keyOrEnd';
    const wantsValue = expected === 'value' || expected === 'valueOrEnd';
    const mayClose = expected === 'commaOrEnd' || (container === '{' ? expected === 'keyOrEnd' : expected === 'valueOrEnd');
    let end = at + 1;
    if (token === '"' && (wantsKey || wantsValue)) {
      const string = scanString(json, at, lineBreaks);
      if ('message' in string) return string;
      end = string.end;
      expected = wantsKey ? 'colon' : afterValue(container);
    } else if ((token === '{' || token === '[') && wantsValue) {
      open.push(token);
      expected = token === '{' ? 'keyOrEnd' : 'valueOrEnd';
    } else if (mayClose && ((token === '}' && container === '{') || (token === ']' && container === '['))) {
      open.pop();
      expected = afterValue(open.at(-1));
    } else if (token === ',' && expected === 'commaOrEnd') {
      comma = { start: at, end };
      expected = container === '{' ? 'key' : 'value';
    } else if (token === ':' && expected === 'colon') {
      expected = 'value';
    } else if (isWordStart(token) && wantsValue) {
      end = endOfWord(json, at);
      const fault = faultInWord(json.slice(at, end), { start: at, end });
      if (fault) return fault;
      expected = afterValue(container);
    } else {
      return faultInPlace(json, { start: at, end: isWordStart(token) ? endOfWord(json, at) : end }, { expected, container, comma });
    }
    at = nextToken(json, end);
  }
  return expected === 'nothing' ? undefined : faultInEnding(json, open);
}

function afterValue(container: '{' | '[' | undefined): Expected {
  return container === undefined ? 'nothing' : 'commaOrEnd';
}

function nextToken(json: string, from: number): number {
  const at = skipSpace(json, from);
  // Inside a text a byte-order mark is no white space to JSON.
  const mark = json.slice(from, at).indexOf('\ufeff');
  return mark === -1 ? at : from + mark;
}

export function isWordStart(token: string): boolean {
  return !'{}[],:"'.includes(token);
}

const wordEnd = /[\s,:[\]{}"]/g;

export function endOfWord(json: string, start: number): number {
  wordEnd.lastIndex = start + 1;
  return wordEnd.exec(json)?.index ?? json.length;
}
