import type { JsonPath, Span } from '../conversation';
import { endOfValue, membersOf, skipSpace, type Member } from './members';
import { endOfString } from './structure';

/**
 * Where the value at `path` stands in a valid JSON text; undefined for a path that leads nowhere.
 * Of two properties with one name the last counts, as `JSON.parse` reads.
 */
export function findValue(json: string, path: JsonPath): Span | undefined {
  const root = skipSpace(json, 0);
  if (path.length === 0) return { start: root, end: endOfValue(json, root) };
  const member = findMember(json, path);
  return member && { start: member.valueStart, end: member.valueEnd };
}

/** Where the name of the property at `path` stands, with its quotation marks; undefined if no property stands there. */
export function findName(json: string, path: JsonPath): Span | undefined {
  const member = findMember(json, path);
  return typeof member?.step === 'string' ? { start: member.start, end: endOfString(json, member.start) } : undefined;
}

function findMember(json: string, path: JsonPath): Member | undefined {
  let start = skipSpace(json, 0);
  let found: Member | undefined;
  for (const step of path) {
    found = undefined;
    for (const member of membersOf(json, start)) if (member.step === step) found = member;
    if (found === undefined) return undefined;
    start = found.valueStart;
  }
  return found;
}
