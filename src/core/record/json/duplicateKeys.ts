import type { JsonPath, RecordProblem } from '../conversation';
import { quoteShort } from '../shapes/fields';
import { membersOf, skipSpace } from './members';
import { code } from './structure';

/** More are counted, not listed. */
const maxListed = 20;

/**
 * Names that an object of a valid JSON text uses more than once. `JSON.parse` keeps the last and says nothing.
 * A full walk: call it when the number of written properties differs from the number of parsed ones.
 */
export function findDuplicateKeys(json: string): RecordProblem[] {
  const problems: RecordProblem[] = [];
  let unlisted = 0;
  const waiting: { readonly start: number; readonly path: JsonPath }[] = [{ start: skipSpace(json, 0), path: [] }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const counts = new Map<string | number, number>();
    for (const { step, valueStart } of membersOf(json, next.start)) {
      const count = (counts.get(step) ?? 0) + 1;
      counts.set(step, count);
      if (count === 2 && problems.length < maxListed) problems.push(describeDuplicate([...next.path, step]));
      else if (count === 2) unlisted++;
      const first = json.charCodeAt(valueStart);
      if (first === code.openBrace || first === code.openBracket) waiting.push({ start: valueStart, path: [...next.path, step] });
    }
  }
  if (unlisted > 0) problems.push({ rule: 'duplicate-key', message: `${unlisted} more fields occur more than once in their object.` });
  return problems;
}

function describeDuplicate(path: JsonPath): RecordProblem {
  return { rule: 'duplicate-key', message: `The field ${quoteShort(String(path.at(-1)))} occurs more than once in one object; only the last one is read. Remove or rename the others.`, path };
}
