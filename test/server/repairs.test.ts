import { afterEach, describe, expect, it } from 'vitest';
import type { CodeAction, Diagnostic, TextEdit } from 'vscode-languageserver';
import { alpaca } from '../languageService/support/exampleDataset';
import { TestEditor } from './support/testEditor';

const uri = 'file:///data/broken.jsonl';
const trailing = '{"instruction": "x", "output": "y",}';
const python = "{'instruction': 'x', 'output': 'z'}";
const wholeTrailing = '{"instruction": "x", "output": "y"}';
const wholePython = '{"instruction": "x", "output": "z"}';

describe('repairing over the wire', () => {
  let editor: TestEditor;
  afterEach(() => editor.stop());

  async function open(lines: readonly string[], options: Parameters<typeof TestEditor.start>[0] = {}): Promise<void> {
    editor = await TestEditor.start(options);
    await editor.open(uri, lines.join('\n'));
  }

  async function problems(): Promise<Diagnostic[]> {
    const report = await editor.connection.sendRequest<{ items?: Diagnostic[] }>('textDocument/diagnostic', { textDocument: { uri } });
    return report.items ?? [];
  }

  /** Editors ask again when the server has read on. */
  function problemsWhen(wanted: (codes: readonly unknown[]) => boolean): Promise<Diagnostic[]> {
    return editor.until(problems, (items) => wanted(items.map(({ code }) => code)));
  }

  function actions(line: number, context: object = {}): Promise<CodeAction[]> {
    const at = { line, character: 0 };
    return editor.connection.sendRequest('textDocument/codeAction', { textDocument: { uri }, range: { start: at, end: at }, context: { diagnostics: [], ...context } });
  }

  async function choose(action: CodeAction | undefined): Promise<void> {
    const { edit } = action?.edit ? action : await editor.connection.sendRequest<CodeAction>('codeAction/resolve', action);
    const edits = [...(edit?.documentChanges ?? []).flatMap((change) => ('edits' in change ? (change.edits as TextEdit[]) : [])), ...(edit?.changes?.[uri] ?? [])];
    // From the last to the first, so that the places of those before stay right.
    await editor.change(uri, edits.toReversed().map(({ range, newText }) => ({ range, text: newText })));
  }

  it('offers a quick fix for the problem, which makes the line a record', async () => {
    await open([alpaca('a', '1'), trailing]);
    const diagnostics = await problemsWhen((codes) => codes.includes('broken-json'));
    const [fix] = await actions(1, { diagnostics, only: ['quickfix'] });
    expect(fix).toMatchObject({ title: 'Repair: remove the trailing comma', kind: 'quickfix', isPreferred: true, diagnostics: [{ code: 'broken-json' }] });
    await choose(fix);
    expect(editor.text(uri)).toBe(`${alpaca('a', '1')}\n${wholeTrailing}`);
    expect(await problemsWhen((codes) => !codes.includes('broken-json'))).not.toContainEqual(expect.objectContaining({ code: 'broken-json' }));
    expect(await actions(1, { only: ['quickfix'] })).toEqual([]);
  });

  it('makes the edit of all repairs when they are chosen, and says what is left', async () => {
    await open([trailing, '{"a": x}', python]);
    await problemsWhen((codes) => codes.length >= 3);
    const all = (await actions(0)).find(({ title }) => title.startsWith('Repair 2 of 3'));
    expect(all?.edit).toBeUndefined();
    await choose(all);
    expect(editor.text(uri).split('\n')).toEqual([wholeTrailing, '{"a": x}', wholePython]);
    expect(editor.messages).toEqual([expect.stringMatching(/^Cupel: 2 of 3 broken places were repaired; of the others the first is line 2: /)]);
  });

  it('repairs on saving where the editor asks for it, and says nothing', async () => {
    await open([trailing, '{"a": x}', python]);
    await problemsWhen((codes) => codes.length >= 3);
    const fixes = await actions(0, { only: ['source.fixAll'] });
    expect(fixes.map(({ kind }) => kind)).toEqual(['source.fixAll.cupel']);
    await choose(fixes[0]);
    expect(editor.text(uri).split('\n')).toEqual([wholeTrailing, '{"a": x}', wholePython]);
    expect(editor.messages).toEqual([]);
  });

  it('refuses an edit for a text that has changed', async () => {
    await open([trailing, python]);
    const all = (await actions(0)).find(({ title }) => title.startsWith('Repair all 2'));
    await editor.replace(uri, '"y"', '"changed"');
    await expect(editor.connection.sendRequest('codeAction/resolve', all)).rejects.toThrow('The text has changed meanwhile.');
  });

  it('hands out ready edits to an editor that cannot ask for them later', async () => {
    await open([trailing, python], { capabilities: 'none' });
    const all = await editor.until(() => actions(0).then((found) => found.find(({ title }) => title.startsWith('Repair all 2'))), (found) => found !== undefined);
    expect(all?.edit?.documentChanges).toBeUndefined();
    expect(all?.edit?.changes?.[uri]).toHaveLength(9);
    await choose(all);
    expect(editor.text(uri).split('\n')).toEqual([wholeTrailing, wholePython]);
  });

  it('writes an array of 100,000 elements on one line as lines, though the editor reads no line so long', async () => {
    const elements = Array.from({ length: 100_000 }, (_, index) => alpaca(`instruction ${index}`, 'an answer of some words'));
    await open([`[${elements.join(', ')}]`, '']);
    const [fix] = await actions(0);
    expect(fix?.title).toBe('Write each element on its own line');
    await choose(fix);
    expect(editor.text(uri)).toBe(`${elements.join('\n')}\n`);
  }, 120_000);
});
