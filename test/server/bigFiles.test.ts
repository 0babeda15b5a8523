import { appendFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { CodeAction } from 'vscode-languageserver-types';
import { pageUri } from '../../src/protocol/pageUri';
import { alpaca } from '../languageService/support/exampleDataset';
import { temporaryFolder } from '../support/engineFixture';
import { TestEditor } from './support/testEditor';

let editor: TestEditor;
let file = '';
let uri = '';

beforeEach(async () => {
  editor = await TestEditor.start();
  file = path.join(await temporaryFolder(onTestFinished), 'big one.jsonl');
  uri = pathToFileURL(file).href;
  await writeFile(file, lines(0, 1203));
});
afterEach(async () => editor.stop());

function lines(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, line) => `${alpaca(`What is ${from + line}?`, `It is the number ${from + line}, nothing else.`)}\n`).join('');
}

/** Opens the page that holds a line (0-based) as an editor does, and returns its URI. */
async function openPage(line: number): Promise<string> {
  const { firstLine, endLine } = await editor.request('cupel/bigFile/open', { uri, line });
  const page = await editor.request('cupel/bigFile/page', { uri, firstLine });
  const document = pageUri(uri, firstLine, endLine);
  await editor.open(document, page.text);
  return document;
}

it('says how large a file is and which page holds a line', async () => {
  expect(await editor.request('cupel/bigFile/open', { uri })).toMatchObject({ lines: 1203, firstLine: 0, endLine: 500 });
  expect(await editor.request('cupel/bigFile/open', { uri, line: 1202 })).toMatchObject({ firstLine: 1000, endLine: 1203 });
});

describe('on a page', () => {
  it('badges show lengths, and the card speaks in numbers of the file', async () => {
    const page = await openPage(600);
    const badges = await editor.badgesWhen(page, (shown) => shown.length === 500 && shown.every((badge) => /^\d+t/.test(badge)));
    expect(badges).toHaveLength(500);
    const card = await editor.hover(page, 100);
    expect(card).toContain('**Record 601 of 1,203**');
    expect(card).toContain('What is 600?');
    expect(card).toContain('| on this page |');
    expect(card).not.toContain('Regenerate');
  });

  it('scores that were stored before are there', async () => {
    const page = await openPage(0);
    await editor.request('cupel/score', { uri: page, lines: [3] });
    await editor.connection.sendNotification('textDocument/didClose', { textDocument: { uri: page } });
    const again = await openPage(0);
    const badges = await editor.badgesWhen(again, (shown) => /^\d+t r≈\.\d+ ifd≈/.test(shown[3] ?? '') && /^\d+t/.test(shown[4] ?? ''));
    expect(badges[4]).not.toContain('r≈');
  });

  it('nothing is offered that would edit', async () => {
    const page = await openPage(0);
    const range = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };
    const actions = await editor.connection.sendRequest<CodeAction[]>('textDocument/codeAction', { textDocument: { uri: page }, range, context: { diagnostics: [] } });
    expect(actions.map(({ title }) => title)).toContain('Score this record');
    expect(actions.filter(({ kind = '' }) => /drop|keepOnly|rewrite|quickfix/.test(kind))).toEqual([]);
  });

  it('no teacher is asked: what it answers could not be put in', async () => {
    const page = await openPage(0);
    await expect(editor.request('cupel/propose', { uri: page, lines: [0], teacher: 'any', mode: 'regenerate' })).rejects.toThrow('A page of a big file is read-only');
  });

  it('a twin is named by its line in the file', async () => {
    await writeFile(file, `${lines(0, 500)}${lines(700, 702)}${lines(700, 701)}`);
    const page = await openPage(500);
    const card = await editor.until(() => editor.hover(page, 2), (text) => text?.includes('same conversation') === true);
    expect(card).toContain('the same conversation as on line 501');
  });

  it('a line without a record goes by its number in the file', async () => {
    await writeFile(file, `${lines(0, 500)}broken\n`);
    expect(await editor.hover(await openPage(500), 0)).toContain('**Line 501** is not a record');
  });

  it('a check is of the whole file, and so is a selection', async () => {
    await appendFile(file, '[]\n');
    const page = await openPage(0);
    const { markdown } = await editor.request('cupel/check', { uri: page, trainer: 'llamafactory-alpaca' });
    expect(markdown).toContain('line 1,204');
    const out = path.join(path.dirname(file), 'out.jsonl');
    expect(await editor.request('cupel/select', { uri: page, rule: { kind: 'longest', count: 700 }, out })).toMatchObject({ written: 700 });
  });
});

it('lines that come later are counted, and open pages hear of them', async () => {
  const page = await openPage(1100);
  await appendFile(file, lines(1203, 1300));
  expect(await editor.request('cupel/bigFile/open', { uri })).toMatchObject({ lines: 1300 });
  expect(await editor.hover(page, 0)).toContain('Record 1,001 of 1,300');
});

it('a search tells lines of the file and goes on where it was', async () => {
  const { hits, next } = await editor.request('cupel/bigFile/search', { uri, query: { text: 'THE NUMBER 12,' } });
  expect(hits.map(({ line }) => line)).toEqual([12]);
  expect(hits[0]?.excerpt).toContain('It is the number 12, nothing else.');
  expect(next).toBeNull();
  const many = await editor.request('cupel/bigFile/search', { uri, query: { text: 'number' } });
  expect([many.hits.length, many.next]).toEqual([1000, 1000]);
  const rest = await editor.request('cupel/bigFile/search', { uri, query: { text: 'number' }, from: many.next ?? 0 });
  expect([rest.hits.length, rest.next]).toEqual([203, null]);
});

it('what deceives the eye is spelled out in a hit', async () => {
  await writeFile(file, `${alpaca('x', 'needle \u202e reversed')}\n`);
  const { hits } = await editor.request('cupel/bigFile/search', { uri, query: { text: 'needle' } });
  expect(hits[0]?.excerpt).toContain('needle ⟨U+202E⟩ reversed');
});

it('a file that is gone is named', async () => {
  await openPage(0);
  await rm(file);
  await expect(editor.request('cupel/bigFile/page', { uri, firstLine: 500 })).rejects.toThrow(`${file}: no such file or folder.`);
});

it('a record of an open file is found by its number, past blank and broken lines', async () => {
  const document = 'file:///data/small.jsonl';
  await editor.open(document, ['', alpaca('a', 'b'), 'broken', '', alpaca('c', 'd'), alpaca('e', 'f'), ''].join('\n'));
  const lineOf = async (record: number) => (await editor.request('cupel/recordLine', { uri: document, record })).line;
  expect([await lineOf(1), await lineOf(2), await lineOf(3), await lineOf(4), await lineOf(0)]).toEqual([1, 4, 5, null, null]);
});
