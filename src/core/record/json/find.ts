import type { JsonPath, Span } from '../conversation';
import { endOfValue, membersOf, skipSpace } from './members';

/**
 * Where the value at `path` stands in a valid JSON text; undefined for a path that leads nowhere.
 * Of two properties with one name the last counts, as `JSON.parse` reads.
 */
export function findValue(json: string, path: JsonPath): Span | undefined {
  const root = skipSpace(json, 0);
  let value: Span = { start: root, end: endOfValue(json, root) };
  for (const step of path) {
    let found: Span | undefined;
    for (const member of membersOf(json, value.start)) {
      if (member.step === step) found = { start: member.valueStart, end: member.valueEnd };
    }
    if (found === undefined) return undefined;
    value = found;
  }
  return value;
}
