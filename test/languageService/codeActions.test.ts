import type { TextEdit } from 'vscode-languageserver-types';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { describe, expect, it } from 'vitest';
import { codeActions } from '../../src/languageService/codeActions/codeActions';
import type { OpenDataset } from '../../src/server/openDataset';
import type { Settings } from '../../src/protocol/settings';
import { alpaca, exampleDataset, uri } from './support/exampleDataset';

const endpoint: Settings['teachers'][number] = { kind: 'openai', id: 'gemma', baseUrl: 'http://127.0.0.1:8000/v1', model: 'gemma-2-9b-it' };
const file: Settings['teachers'][number] = { kind: 'file', id: 'concise', path: '/data/concise.jsonl' };

function listed(dataset: OpenDataset, from: number, to = from): string[] {
  return codeActions(dataset, from, to).map(({ title, disabled, command }) => `${title}${disabled ? ` ✗ ${disabled.reason}` : command ? ` → ${command.command} ${JSON.stringify(command.arguments)}` : ''}`);
}

/** What an edit makes of a file. */
function applied(text: string, title: string, from: number, to = from): string {
  const dataset = exampleDataset(text);
  const action = codeActions(dataset, from, to).find((candidate) => candidate.title.startsWith(title));
  const edits = (action?.edit?.documentChanges ?? []).flatMap((change) => ('edits' in change ? (change.edits as TextEdit[]) : []));
  return TextDocument.applyEdits(TextDocument.create(uri, 'jsonl', 1, text), edits);
}

describe('what can be done with records', () => {
  const args = (lines: number[], teacher?: string) => JSON.stringify([{ uri, lines, ...(teacher !== undefined && { teacher }) }]);

  it('one record, teachers of both kinds', () => {
    const dataset = exampleDataset([alpaca('a', 'b'), alpaca('c', 'd')].join('\n'), { settings: { teachers: [endpoint, file] } });
    expect(listed(dataset, 1)).toEqual([
      `Score this record → cupel.scoreSelection ${args([1])}`,
      `Regenerate this record with gemma → cupel.regenerateResponse ${args([1], 'gemma')}`,
      `Regenerate this record with concise → cupel.regenerateResponse ${args([1], 'concise')}`,
      `Refine this record → cupel.refineResponse ${args([1])}`,
      'Drop this record',
      'Keep only this record',
      `Find near-duplicates of this record → cupel.findNearDuplicates ${args([1])}`,
    ]);
  });

  it('one record, no teacher yet: the command lets the person choose one', () => {
    const dataset = exampleDataset(alpaca('a', 'b'));
    expect(listed(dataset, 0)).toContain(`Regenerate this record with a teacher… → cupel.regenerateResponse ${args([0])}`);
  });

  it('a selection leaves out empty and broken lines', () => {
    const dataset = exampleDataset([alpaca('a', 'b'), '', '[1]', alpaca('c', 'd'), alpaca('e', 'f')].join('\n'), { settings: { teachers: [endpoint] } });
    expect(listed(dataset, 0, 3)).toEqual([
      `Score these 3 records → cupel.scoreSelection ${args([0, 3])}`,
      `Regenerate these 3 records with gemma → cupel.regenerateResponse ${args([0, 3], 'gemma')}`,
      `Refine these 3 records → cupel.refineResponse ${args([0, 3])}`,
      'Drop these 3 records',
      'Keep only these 3 records',
    ]);
  });

  it.each([
    ['no teacher', alpaca('a', 'b'), [], [
      'Refine this record ✗ No teacher is configured: add one to the setting cupel.teachers.',
      'Keep only this record ✗ There are no other records in this file.',
    ]],
    ['only files', alpaca('a', 'b'), [file], ['Refine this record ✗ Refining needs a model, and all configured teachers are files.', 'Keep only this record ✗ There are no other records in this file.']],
    ['a broken line', '{"instruction"', [endpoint], [
      'Score this record ✗ The line is not a record.',
      'Regenerate this record with gemma ✗ The line is not a record.',
      'Refine this record ✗ The line is not a record.',
      'Keep only this record ✗ There are no other records in this file.',
      'Find near-duplicates of this record ✗ The line is not a record.',
    ]],
    ['no response', '{"messages":[{"role":"user","content":"x"}]}', [endpoint], [
      'Score this record ✗ The record has no response.',
      'Regenerate this record with gemma ✗ The record has no response.',
      'Refine this record ✗ The record has no response.',
      'Keep only this record ✗ There are no other records in this file.',
    ]],
  ])('says why it cannot: %s', (_, text, teachers, disabled) => {
    expect(listed(exampleDataset(text, { settings: { teachers } }), 0).filter((action) => action.includes('✗'))).toEqual(disabled);
  });

  it('nothing on an empty line', () => {
    expect(listed(exampleDataset(`${alpaca('a', 'b')}\n\n`), 1)).toEqual([]);
  });

  it('only edits in an editor without the commands', () => {
    expect(listed(exampleDataset([alpaca('a', 'b'), alpaca('c', 'd')].join('\n'), { commands: false }), 0)).toEqual(['Drop this record', 'Keep only this record']);
  });
});

describe('dropping and keeping', () => {
  const [a, b, c] = [alpaca('a', '1'), alpaca('b', '2'), alpaca('c', '3')];

  it.each([
    ['the first', [a, b, c], '\n', 0, 0, [b, c].join('\n')],
    ['the middle, CRLF', [a, b, c], '\r\n', 1, 1, [a, c].join('\r\n')],
    ['the last without a line end', [a, b, c], '\n', 2, 2, [a, b].join('\n')],
    ['the last with a line end', [a, b, ''], '\n', 1, 1, [a, ''].join('\n')],
    ['several with an empty line between', [a, '', b, c], '\n', 0, 2, ['', c].join('\n')],
    ['all', [a, b], '\n', 0, 1, ''],
  ])('drops %s', (_, lines, end, from, to, expected) => {
    expect(applied(lines.join(end), 'Drop', from, to)).toBe(expected);
  });

  it.each([
    ['the first', [a, b, c], 0, 0, a],
    ['the middle', [a, b, c], 1, 1, b],
    ['the last', [a, b, c], 2, 2, c],
    ['two of three', [a, b, c], 1, 2, [b, c].join('\n')],
    ['one of a file that ends with a line end', [a, '', b, c, ''], 2, 2, [b, ''].join('\n')],
    ['the last of a file that ends with a line end', [a, b, ''], 1, 1, [b, ''].join('\n')],
    ['all, which changes nothing', [a, b, c], 0, 2, [a, b, c].join('\n')],
  ])('keeps only %s', (_, lines, from, to, expected) => {
    expect(applied(lines.join('\n'), 'Keep only', from, to)).toBe(expected);
  });
});
