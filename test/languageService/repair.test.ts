import type { CodeAction, Diagnostic, TextEdit } from 'vscode-languageserver-types';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { describe, expect, it } from 'vitest';
import { carryOut, isRepairPlan, repairOnSave, repairRecords, type Repaired } from '../../src/languageService/codeActions/repairRecords';
import type { OpenDataset } from '../../src/server/openDataset';
import { alpaca, exampleDataset, uri } from './support/exampleDataset';

const [a, b] = [alpaca('a', '1'), alpaca('b', '2')];

function listed(lines: readonly string[], from: number, to = from): string[] {
  return repairRecords(exampleDataset(lines.join('\n')), from, to).map(({ title, disabled, isPreferred }) => `${isPreferred === true ? '★ ' : ''}${title}${disabled ? ` ✗ ${disabled.reason}` : ''}`);
}

function carriedOut(dataset: OpenDataset, action: CodeAction | undefined): Repaired {
  const data: unknown = action?.data;
  if (!isRepairPlan(data)) throw new Error(`no plan in ${action?.title ?? 'no action'}`);
  const work = carryOut(dataset, data);
  let step = work.next();
  while (step.done !== true) step = work.next();
  return step.value;
}

/** What the action makes of the file. */
function applied(lines: readonly string[], title: string, line: number, end = '\n'): string[] {
  const text = lines.join(end);
  const dataset = exampleDataset(text);
  const action = [...repairRecords(dataset, line, line), ...repairOnSave(dataset)].find((candidate) => candidate.title.startsWith(title));
  const edit = action?.edit ?? carriedOut(dataset, action).edit;
  const edits = (edit.documentChanges ?? []).flatMap((change) => ('edits' in change ? (change.edits as TextEdit[]) : []));
  return TextDocument.applyEdits(TextDocument.create(uri, 'jsonl', 1, text), edits.map((one) => ({ ...one, newText: one.newText.replaceAll('\n', end) }))).split(end);
}

const trailing = '{"instruction": "x", "output": "y",}';
const python = "{'instruction': 'x', 'output': None}";
const open = ['{"instruction": "x", "output": "one', '', 'three"}'];

describe('quick fixes for a broken line', () => {
  it.each([
    ['a trailing comma', [a, trailing, b], 1, ['★ Repair: remove the trailing comma']],
    ['two causes', [python], 0, ['★ Repair: write straight double quotes, write null, true and false as JSON does']],
    ['three causes', [`{'instruction': 'x', output: NaN,}`], 0, ['★ Repair: write straight double quotes, write names in double quotes, and 2 more']],
    ['two records on a line', [a + b], 0, ['★ Repair: write each record on its own line']],
    ['a cut-off record', ['{"instruction": "x", "output": "y'], 0, ['Close the cut-off record']],
    ['a bare word', ['{"instruction": x}'], 0, ['Repair this line ✗ A value without quotation marks could be a text or a mistyped word: write it as JSON by hand.']],
    ['a text over lines, wherever one stands in it', [a, ...open, b], 2, ['★ Repair: write line breaks as \\n']],
    ['an array file, wherever one stands in it', ['[', `${a},`, b, ']'], 2, ['★ Write each element on its own line']],
    ['an array among records', [a, `[${a},${b}]`], 1, ['★ Write each element on its own line']],
    ['a whole record', [a, trailing], 0, []],
    ['a record of no shape', ['{"x": 1}'], 0, []],
  ])('%s', (_, lines, line, expected) => {
    expect(listed(lines, line)).toEqual(expected);
  });

  it('repairs more of the same, and all, and says how many of them can be', () => {
    expect(listed([trailing, python, trailing, '{"a": x}'], 0)).toEqual(['★ Repair: remove the trailing comma', 'Repair all 2 lines like this', 'Repair 3 of 4 broken lines']);
    expect(listed([trailing, python, a, '{"a": x}'], 0, 2)).toEqual(['Repair these 2 lines', 'Repair 2 of 3 broken lines']);
  });

  it('is attached to the problems that it fixes', () => {
    const at = (line: number, code: string): Diagnostic => ({ range: { start: { line, character: 0 }, end: { line, character: 1 } }, message: '', code });
    const [action] = repairRecords(exampleDataset([trailing, trailing].join('\n')), 0, 0, [at(0, 'broken-json'), at(0, 'other'), at(1, 'broken-json')]);
    expect(action?.diagnostics).toEqual([at(0, 'broken-json')]);
  });

  it('changes no more than what is wrong', () => {
    const [action] = repairRecords(exampleDataset([a, '{"instruction":   "x", "output": NaN}'].join('\n')), 1, 1);
    expect(action?.edit?.documentChanges).toEqual([{ textDocument: { uri, version: 1 }, edits: [{ range: { start: { line: 1, character: 33 }, end: { line: 1, character: 36 } }, newText: 'null' }] }]);
  });
});

describe('what a repair makes of the file', () => {
  it.each([
    ['one line', [a, trailing, trailing], 'Repair: ', 1, [a, '{"instruction": "x", "output": "y"}', trailing]],
    ['lines of one kind', [trailing, python, trailing], 'Repair all 2', 0, ['{"instruction": "x", "output": "y"}', python, '{"instruction": "x", "output": "y"}']],
    ['all that can be', [trailing, python, '{"a": x}', ...open, a + b], 'Repair 4 of 5', 0, ['{"instruction": "x", "output": "y"}', '{"instruction": "x", "output": null}', '{"a": x}', '{"instruction": "x", "output": "one\\n\\nthree"}', a, b]],
    ['a text over lines', [a, ...open, b], 'Repair: ', 1, [a, '{"instruction": "x", "output": "one\\n\\nthree"}', b]],
    ['a record over lines', [a, ...JSON.stringify({ instruction: 'x', output: 'y' }, null, 2).split('\n'), b], 'Repair: ', 1, [a, '{"instruction": "x","output": "y"}'.replace(',"', ', "'), b]],
    ['an array an element a line', ['[', `${a},`, b, ']', ''], 'Write each', 0, [a, b, '']],
    ['an array on one line', [`[${a}, ${b}]`], 'Write each', 0, [a, b]],
    ['an indented array', [...JSON.stringify([{ instruction: 'x', output: 'y' }], null, 1).split('\n'), ''], 'Write each', 0, ['{"instruction": "x", "output": "y"}', '']],
    ['on saving', [trailing, a, python], 'Repair broken lines', 1, ['{"instruction": "x", "output": "y"}', a, '{"instruction": "x", "output": null}']],
    ['a cut-off record', [a, '{"instruction": "x", "output": "y'], 'Close', 1, [a, '{"instruction": "x", "output": "y"}']],
  ])('%s', (_, lines, title, line, expected) => {
    expect(applied(lines, title, line)).toEqual(expected);
    expect(applied(lines, title, line, '\r\n')).toEqual(expected);
  });

  it('is one edit where thousands would be needed', () => {
    const lines = Array.from({ length: 3000 }, (_, index) => (index % 3 === 0 ? a : trailing));
    expect(applied(lines, 'Repair all 2,000', 1)).toEqual(lines.map((line) => (line === a ? a : '{"instruction": "x", "output": "y"}')));
    const dataset = exampleDataset(lines.join('\n'));
    const { documentChanges } = carriedOut(dataset, repairOnSave(dataset)[0]).edit;
    expect(documentChanges).toEqual([expect.objectContaining({ edits: [expect.anything()] })]);
  });

  it('tells which places are left, and why', () => {
    const dataset = exampleDataset([trailing, '{"a": x}', python].join('\n'));
    const { repaired, broken, left } = carriedOut(dataset, repairOnSave(dataset)[0]);
    expect({ repaired, broken, left }).toEqual({ repaired: 2, broken: 3, left: { line: 1, reason: 'A value without quotation marks could be a text or a mistyped word: write it as JSON by hand.' } });
  });

  it('names the line of an array that is itself broken', () => {
    const dataset = exampleDataset(['[', `${a},`, '{"a": x}', ']'].join('\n'));
    expect(carriedOut(dataset, repairRecords(dataset, 0, 0)[0]).left).toEqual({ line: 0, reason: 'The array itself is broken on line 3: correct that first.' });
  });
});
