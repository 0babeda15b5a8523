import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { sharedData } from '../support/sharedData';
import { TestEditor } from './support/testEditor';

const folder = sharedData('jsontestsuite/test_parsing');
/** Rules that say of a line that it is not JSON. */
const broken = new Set(['broken-json', 'too-deep', 'array-file']);

it.skipIf(folder === undefined)('each file of JSONTestSuite is JSON or named as broken, as its name says, and none is too much', async () => {
  const editor = await TestEditor.start();
  onTestFinished(() => editor.stop());
  const wrong: string[] = [];
  const names = readdirSync(folder ?? '').sort();
  for (const name of names) {
    const uri = `file:///json/${encodeURIComponent(name)}`;
    const text = readFileSync(path.join(folder ?? '', name), 'utf8');
    await editor.open(uri, text);
    await editor.connection.sendRequest('textDocument/documentSymbol', { textDocument: { uri } });
    const { items } = await editor.connection.sendRequest<{ items: { code: string }[] }>('textDocument/diagnostic', { textDocument: { uri } });
    await editor.badges(uri);
    const named = items.some(({ code }) => broken.has(code));
    // JSON over several lines is JSON, but no line of it is; blank ones are no lines of a dataset; bytes that are not UTF-8 arrive as U+FFFD.
    if (name.startsWith('y_') && named && !text.trim().includes('\n')) wrong.push(`${name} is called broken`);
    if (name.startsWith('n_') && !named && text.trim() !== '' && !text.includes('\uFFFD')) wrong.push(`${name} is not called broken`);
    await editor.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }
  expect(names).toHaveLength(318);
  expect(wrong).toEqual([]);
});
