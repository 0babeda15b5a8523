import { endOfValue, skipSpace } from './members';
import { repairJson } from './repair';
import { trimChange, type TextChange } from './textChanges';

/** An element of the array that is no JSON and cannot be repaired, or what stands where an element or a comma belongs. */
export interface BrokenElement {
  readonly brokenAt: number;
}

/**
 * Makes lines of a JSON array's elements: each on its own, whole, its bytes unchanged but for line breaks and faults in it.
 * `json` begins with `[`, after white space; the closing bracket may be missing. Yields after each element, so that the
 * work can be done in slices.
 */
export function* partArray(json: string): Generator<void, readonly TextChange[] | BrokenElement> {
  const changes: TextChange[] = [];
  const put = (change: TextChange) => {
    const least = trimChange(json, change);
    if (least) changes.push(least);
  };
  const opening = skipSpace(json, 0);
  let at = skipSpace(json, opening + 1);
  put({ start: json.startsWith('\ufeff') ? 1 : 0, end: at, text: '' });
  while (at < json.length && json[at] !== ']') {
    const end = endOfValue(json, at);
    const inner = changesWithin(json.slice(at, end));
    if (inner === undefined || end === at) return { brokenAt: at };
    for (const { start, end: until, text } of inner) changes.push({ start: at + start, end: at + until, text });
    const next = nextElement(json, end);
    if (next === undefined) return { brokenAt: skipSpace(json, end) };
    if (next >= json.length || json[next] === ']') {
      const rest = json.slice(next + 1);
      if (rest.trim() !== '') return { brokenAt: skipSpace(json, next + 1) };
      put({ start: end, end: json.length, text: json.endsWith('\n') ? '\n' : '' });
      return changes;
    }
    put({ start: end, end: next, text: '\n' });
    at = next;
    yield;
  }
  return changes;
}

/** What makes one line of JSON of an element; undefined when nothing does. */
function changesWithin(element: string): readonly TextChange[] | undefined {
  if (element.includes('\n')) return repairJson(element)?.changes;
  try {
    JSON.parse(element);
    return [];
  } catch {
    const repair = repairJson(element);
    return repair?.text.includes('\n') === false ? repair.changes : undefined;
  }
}

/** Where the next element or the closing bracket stands; the end of the text if it is cut off; undefined before anything else. */
function nextElement(json: string, end: number): number | undefined {
  const at = skipSpace(json, end);
  if (json[at] === ',') return skipSpace(json, at + 1);
  return at >= json.length || json[at] === ']' || json[at] === '{' ? at : undefined;
}
