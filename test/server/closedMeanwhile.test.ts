import { expect, it, onTestFinished } from 'vitest';
import { LSPErrorCodes } from 'vscode-languageserver';
import { alpaca } from '../languageService/support/exampleDataset';
import { TestEditor } from './support/testEditor';

it('a request that waits for new settings while its file is closed is cancelled, not failed', async () => {
  const uri = 'file:///data/closed.jsonl';
  const editor = await TestEditor.start();
  onTestFinished(() => editor.stop());
  await editor.open(uri, alpaca('a', '1'));
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  editor.connection.onRequest('workspace/configuration', () => released.then(() => [null]));
  await editor.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
  const answered = editor.connection.sendRequest('cupel/score', { uri }).catch((error: unknown) => error);
  await editor.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  release();
  expect(await answered).toMatchObject({ code: LSPErrorCodes.RequestCancelled });
  await expect(editor.connection.sendRequest('cupel/score', { uri })).rejects.toThrow('open it first');
});
