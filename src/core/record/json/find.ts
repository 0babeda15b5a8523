import type { JsonPath, Span } from '../conversation';
import { endOfValue, membersOf, skipSpace } from './members';

interface Wanted {
  readonly path: JsonPath;
  readonly index: number;
}

/**
 * Where the values at `paths` stand in a valid JSON text, in the order of `paths`; undefined for a path that leads nowhere.
 * Of two properties with one name the last counts, as `JSON.parse` reads. One pass over each container on the way,
 * however many paths lead through it.
 */
export function findValues(json: string, paths: readonly JsonPath[]): (Span | undefined)[] {
  const spans = paths.map((): Span | undefined => undefined);
  const root = skipSpace(json, 0);
  search(json, { start: root, end: endOfValue(json, root) }, 0, paths.map((path, index) => ({ path, index })), spans);
  return spans;
}

/** Recurses once a step of the longest path, never by the depth of the text. */
function search(json: string, value: Span, depth: number, wanted: readonly Wanted[], spans: (Span | undefined)[]): void {
  const further = new Map<string | number, Wanted[]>();
  for (const want of wanted) {
    const step = want.path[depth];
    if (step === undefined) {
      spans[want.index] = value;
      continue;
    }
    const sharing = further.get(step);
    if (sharing) sharing.push(want);
    else further.set(step, [want]);
  }
  if (further.size === 0) return;
  const found = new Map<string | number, Span>();
  for (const member of membersOf(json, value.start)) {
    if (further.has(member.step)) found.set(member.step, { start: member.valueStart, end: member.valueEnd });
  }
  for (const [step, span] of found) search(json, span, depth + 1, further.get(step) ?? [], spans);
}
