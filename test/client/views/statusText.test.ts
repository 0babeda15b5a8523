import { describe, expect, it } from 'vitest';
import { statusText } from '../../../src/client/views/statusText';
import type { FileStatus } from '../../../src/protocol/lsp';

const dataset: FileStatus = { uri: 'file:///data.jsonl', records: 23_995, invalid: 0, scored: 23_995, unanswered: 0, shapes: [{ shape: 'alpaca', records: 23_995 }], pendingProposals: 0 };

describe('the status item', () => {
  it.each<[string, Partial<FileStatus>, string | undefined]>([
    ['a scored dataset', {}, 'menu: Cupel: Alpaca · 23,995 · 100 % scored'],
    ['one record short of all', { scored: 23_994 }, 'menu: Cupel: Alpaca · 23,995 · 99 % scored'],
    ['all but those without a response', { scored: 23_990, unanswered: 5 }, 'menu: Cupel: Alpaca · 23,995 · 100 % scored'],
    ['two shapes', { shapes: [{ shape: 'alpaca', records: 3 }, { shape: 'sharegpt', records: 1 }] }, 'menu: Cupel: mixed · 23,995 · 100 % scored'],
    ['nothing scored', { scored: 0 }, 'score: Cupel: score this dataset?'],
    ['nothing scored on a page of a big file', { scored: 0, uri: 'cupel-page:/data/big.jsonl/big%201-500.jsonl?line%3D0' }, 'score: Cupel: score this page?'],
    ['proposals that wait', { pendingProposals: 3 }, 'review: $(diff) Cupel: 3 to review'],
    ['a run', { running: { title: 'scoring', percent: 38.7 } }, 'menu: $(loading~spin) Cupel: scoring 38 %'],
    ['a log file', { records: 0, scored: 0, invalid: 12, shapes: [] }, undefined],
  ])('for %s', (_what, change, expected) => {
    const said = statusText({ ...dataset, ...change });
    expect(said && `${said.action}: ${said.text}`).toBe(expected);
  });

  it('explains itself when pointed at', () => {
    const status: FileStatus = { ...dataset, records: 4, scored: 1, invalid: 1, pendingProposals: 2, shapes: [{ shape: 'alpaca', records: 3 }, { shape: 'selfInstruct', records: 1 }] };
    expect(statusText(status)?.tooltip).toEqual(['4 records, 25 % scored', 'mixed shapes: Alpaca 3, Self-Instruct 1', '1 line without a readable record, see Problems', '2 proposals to review']);
  });
});
