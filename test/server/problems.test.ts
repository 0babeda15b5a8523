import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Diagnostic, DocumentDiagnosticReport, WorkspaceDiagnosticReport, WorkspaceDocumentDiagnosticReport } from 'vscode-languageserver';
import { alpaca } from '../languageService/support/exampleDataset';
import { TestEditor, type EditorOptions } from './support/testEditor';

const uri = 'file:///data/problems.jsonl';
const refusal = "I'm sorry, but I can't help with that.";
let editor: TestEditor;

afterEach(async () => {
  await editor.stop();
});

function pull(previousResultId?: string): Promise<DocumentDiagnosticReport> {
  return editor.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri }, ...(previousResultId !== undefined && { previousResultId }) });
}

function codes(report: { readonly items?: readonly Diagnostic[] }): string[] {
  return (report.items ?? []).map(({ range, code, severity }) => `${range.start.line + 1} ${String(code)} ${severity ?? 0}`);
}

async function pulled(wanted: readonly string[]): Promise<DocumentDiagnosticReport> {
  return editor.until(
    () => pull(),
    (report) => JSON.stringify(codes('items' in report ? report : {})) === JSON.stringify(wanted),
  );
}

describe('pulled problems', () => {
  const text = [alpaca('a', refusal), alpaca('b', ''), alpaca('b', 'see here'), alpaca('z', 'all is fine')].join('\n');

  it('have a result id, which is the answer while nothing changes', async () => {
    editor = await TestEditor.start();
    await editor.open(uri, text);
    const first = await pulled(['1 refusal 2', '2 empty-response 2', '3 duplicate-prompt 3']);
    const again = await pull(first.resultId);
    expect(again).toEqual({ kind: 'unchanged', resultId: first.resultId });
    await editor.replace(uri, 'all is fine', 'all is well');
    const same = await editor.until(() => pull(first.resultId), ({ kind }) => kind === 'unchanged');
    expect(same.resultId).toBe(first.resultId);
    await editor.replace(uri, refusal, 'Here you are.');
    const later = await pulled(['2 empty-response 2', '3 duplicate-prompt 3']);
    expect(later.resultId).not.toBe(first.resultId);
  });

  it('follow the severities that the person sets, at once', async () => {
    editor = await TestEditor.start();
    await editor.open(uri, text);
    await pulled(['1 refusal 2', '2 empty-response 2', '3 duplicate-prompt 3']);
    await editor.changeSettings({ problems: { severity: { refusal: 'error', 'empty-response': 'off', 'duplicate-prompt': 'hint' } } });
    await pulled(['1 refusal 1', '3 duplicate-prompt 4']);
    const [, badge] = await editor.badges(uri);
    expect(badge).not.toContain('⚠');
  });

  it('name responses of one token once their length is known', async () => {
    editor = await TestEditor.start();
    await editor.open(uri, alpaca('Is 7 prime?', 'Yes'));
    await pulled(['1 one-token-response 3']);
  });

  it('are sent to editors that do not ask', async () => {
    editor = await TestEditor.start({ capabilities: 'none' });
    await editor.open(uri, text);
    const sent = await editor.until(
      () => Promise.resolve(editor.published.get(uri)),
      (diagnostics) => diagnostics !== undefined,
    );
    expect(codes({ items: sent as Diagnostic[] })).toEqual(['1 refusal 2', '2 empty-response 2', '3 duplicate-prompt 3']);
  });

  it('say on which other lines the same stands', async () => {
    editor = await TestEditor.start();
    await editor.open(uri, [alpaca('a', 'b c'), alpaca('a', 'b c')].join('\n'));
    const report = await pulled(['2 duplicate-record 3']);
    expect('items' in report && report.items[0]?.relatedInformation).toEqual([{ location: { uri, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } }, message: 'a' }]);
  });
});

describe('problems of the workspace', () => {
  let folder: string;
  const place = (name: string) => path.join(folder, name);
  const start = (options: EditorOptions) => TestEditor.start({ ...options, workspaceFolders: [pathToFileURL(folder).href] });
  const on = { problems: { workspace: true } };

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'cupel-workspace-'));
    mkdirSync(place('deep/er'), { recursive: true });
    mkdirSync(place('node_modules/x'), { recursive: true });
    mkdirSync(place('.hidden'));
    writeFileSync(place('deep/er/a.jsonl'), [alpaca('a', 'b'), alpaca('a', 'b'), '[1]'].join('\n'));
    writeFileSync(place('good.jsonl'), alpaca('a', 'b'));
    for (const name of ['node_modules/x/b.jsonl', '.hidden/c.jsonl', 'd.json']) writeFileSync(place(name), '[1]');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function workspace(previous: readonly WorkspaceDocumentDiagnosticReport[] = [], partialResultToken?: string): Promise<WorkspaceDocumentDiagnosticReport[]> {
    const previousResultIds = previous.flatMap(({ uri: file, resultId }) => (resultId === undefined ? [] : [{ uri: file, value: resultId }]));
    const { items } = await editor.connection.sendRequest<WorkspaceDiagnosticReport>('workspace/diagnostic', { previousResultIds, ...(partialResultToken !== undefined && { partialResultToken }) });
    return items.toSorted((a, b) => a.uri.localeCompare(b.uri));
  }

  const shown = (items: readonly WorkspaceDocumentDiagnosticReport[]) => items.map((item) => `${decodeURIComponent(item.uri).slice(pathToFileURL(folder).href.length + 1)}: ${item.kind === 'full' ? codes(item).join(', ') : item.kind}`);

  async function settled(): Promise<void> {
    // A request of Cupel's own is answered once the settings have arrived.
    await editor.request('cupel/teachers', {});
  }

  it('are none unless the person wants them', async () => {
    editor = await start({});
    await settled();
    expect(await workspace()).toEqual([]);
  });

  it('are those of every dataset, and of what has not changed only that', async () => {
    editor = await start({ settings: on });
    await settled();
    const first = await workspace();
    expect(shown(first)).toEqual(['deep/er/a.jsonl: 3 not-an-object 1, 2 duplicate-record 3', 'good.jsonl: ']);
    expect(shown(await workspace(first))).toEqual(['deep/er/a.jsonl: unchanged', 'good.jsonl: unchanged']);
    writeFileSync(place('good.jsonl'), alpaca('a', refusal));
    utimesSync(place('good.jsonl'), 1, 1);
    rmSync(place('deep'), { recursive: true });
    expect(shown(await workspace(first))).toEqual(['deep/er/a.jsonl: ', 'good.jsonl: 1 refusal 2']);
  });

  it('come file by file to an editor that wants that', async () => {
    editor = await start({ settings: on });
    await settled();
    const parts: WorkspaceDocumentDiagnosticReport[] = [];
    const listener = editor.connection.onNotification('$/progress', ({ value }: { value: WorkspaceDiagnosticReport }) => void parts.push(...value.items));
    expect(await workspace([], 'parts')).toEqual([]);
    listener.dispose();
    expect(shown(parts).sort()).toEqual(['deep/er/a.jsonl: 3 not-an-object 1, 2 duplicate-record 3', 'good.jsonl: ']);
  });

  it('of an open file are those of its text', async () => {
    editor = await start({ settings: on });
    const open = pathToFileURL(place('good.jsonl')).href;
    await editor.open(open, alpaca('a', refusal));
    await editor.until(
      () => workspace(),
      (items) => shown(items).includes('good.jsonl: 1 refusal 2'),
    );
  });

  it('are told under the name that the editor has for a file, whatever it escapes', async () => {
    const name = "odd (1) & it's.jsonl";
    const asEditorsSay = `${pathToFileURL(folder).href}/odd%20%281%29%20%26%20it%27s.jsonl`;
    writeFileSync(place(name), '[1]');
    editor = await start({ settings: on });
    await settled();
    const known = (await workspace()).map((item) => (decodeURIComponent(item.uri).endsWith(name) ? { ...item, uri: asEditorsSay } : item));
    expect(shown(await workspace(known)).sort()).toEqual(['deep/er/a.jsonl: unchanged', 'good.jsonl: unchanged', `${name}: unchanged`]);
    await editor.open(asEditorsSay, alpaca('a', refusal));
    const opened = await editor.until(
      () => workspace(known),
      (items) => shown(items).includes(`${name}: 1 refusal 2`),
    );
    expect(opened.map(({ uri: told }) => told)).toContain(asEditorsSay);
    expect(opened).toHaveLength(3);
  });

  it('of a file that has been closed are taken back once, wherever it lies and whatever the setting', async () => {
    editor = await start({});
    for (const name of ['good.jsonl', 'elsewhere.jsonl']) await editor.open(`file:///data/${name}`, '[1]');
    await editor.connection.sendNotification('textDocument/didClose', { textDocument: { uri: 'file:///data/good.jsonl' } });
    await settled();
    const items = await workspace();
    expect(items).toEqual([{ kind: 'full', uri: 'file:///data/good.jsonl', version: null, items: [] }]);
    expect(await workspace()).toEqual([]);
  });

  it('that the editor knows of a file that is open are left to it', async () => {
    editor = await start({});
    await editor.open(uri, '[1]');
    const { resultId } = await pulled(['1 not-an-object 1']);
    expect(resultId).toBeDefined();
    expect(await workspace([{ kind: 'unchanged', uri, version: null, resultId: resultId ?? '' }])).toEqual([]);
  });

  it('go when the person wants them no longer', async () => {
    editor = await start({ settings: on });
    await settled();
    const first = await workspace();
    await editor.changeSettings({});
    await settled();
    expect(shown(await workspace(first))).toEqual(['deep/er/a.jsonl: ', 'good.jsonl: ']);
  });
});
