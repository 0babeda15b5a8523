import type { Proposal } from '../../../src/core/proposals/proposal';

/** A pending proposal for the record on a line, unless told otherwise. */
export function proposal(id: string, line: number, more: Partial<Proposal> = {}): Proposal {
  return { id, file: '/data.jsonl', line, recordKey: `key of ${line}`, promptKey: `prompt of ${line}`, exchange: 'response', path: ['output'], mode: 'regenerate', teacher: 'concise', status: 'pending', ...more };
}
