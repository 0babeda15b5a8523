import type { DataRecord } from '../../../../src/core/record/conversation';
import { parseLine } from '../../../../src/core/record/parseRecord';

/** The record of an object or of a line; fails the test when it is none. */
export function readOk(source: string | object): DataRecord {
  const parsed = parseLine(typeof source === 'string' ? source : JSON.stringify(source));
  if (parsed.status !== 'ok') throw new Error(`not a record: ${JSON.stringify(parsed)}`);
  return parsed.record;
}

/** A record as short lines: `user instruction: text`, then `→ response output: text` for each exchange, then `! rule at path`. */
export function outline(record: DataRecord): string[] {
  const at = (path: readonly (string | number)[]) => path.join('.');
  const turns = (prompt: DataRecord['prompt']) => prompt.map((turn) => `${turn.role} ${at(turn.path)}: ${turn.text}`);
  const lines = turns(record.prompt);
  for (const { name, prompt, response } of record.exchanges) {
    if (prompt !== record.prompt && JSON.stringify(prompt) !== JSON.stringify(record.prompt)) lines.push(`(${name} asks)`, ...turns(prompt));
    lines.push(`→ ${name} ${at(response.path)}: ${response.text}`);
  }
  for (const { rule, path } of record.problems) lines.push(`! ${rule}${path ? ` at ${at(path)}` : ''}`);
  return lines;
}
