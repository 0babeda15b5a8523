import type { JsonPath } from '../conversation';
import { membersOf, skipSpace } from '../json/members';
import type { RecordSection } from './sections';

/** A value of a record that is none of its texts. */
export interface OtherField {
  readonly path: JsonPath;
  /** As the line spells it. */
  readonly json: string;
}

/** What says how a text is read, beside it. */
const labels: ReadonlySet<unknown> = new Set(['role', 'from', 'type']);

/**
 * The fields of a line that its record's shape does not read, in their order: whole values at the top, and what stands beside a
 * text further down. `line` is one that `parseLine` could read.
 */
export function otherFields(line: string, sections: readonly RecordSection[], limit: number): { readonly fields: readonly OtherField[]; readonly more: number } {
  const texts = new Set(sections.map(({ path }) => JSON.stringify(path)));
  const branches = new Set(sections.flatMap(({ path }) => path.map((_, depth) => JSON.stringify(path.slice(0, depth)))));
  const fields: OtherField[] = [];
  let more = 0;
  const visit = (start: number, path: JsonPath) => {
    for (const { step, valueStart, valueEnd } of membersOf(line, start)) {
      const here = [...path, step];
      const place = JSON.stringify(here);
      if (texts.has(place)) continue;
      if (branches.has(place)) visit(valueStart, here);
      else if (path.length > 0 && labels.has(step)) continue;
      else if (fields.length < limit) fields.push({ path: here, json: line.slice(valueStart, valueEnd) });
      else more++;
    }
  };
  visit(skipSpace(line, 0), []);
  return { fields, more };
}
