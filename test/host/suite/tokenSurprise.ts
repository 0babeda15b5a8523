import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { cpSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { TokenSurprise } from '../../../src/protocol/lsp';
import { alpaca, closeEverything, hoverText, open, openNew, until, workspaceFile } from './support';

/** GPT-2 of a few thousand weights, with a window of 48 tokens. */
const checkpoint = path.resolve(__dirname, '../../test/fixtures/checkpoints/gpt2-trained');

export function defineTokenSurprise(): void {
  suite('the surprise of tokens', () => {
    let document: vscode.TextDocument;

    suiteSetup(async () => {
      cpSync(checkpoint, workspaceFile('surprise-model').fsPath, { recursive: true });
      await setting().update('scorer.loss', workspaceFile('surprise-model').fsPath, vscode.ConfigurationTarget.Workspace);
    });
    setup(async () => {
      document = await openNew('surprise.jsonl', [alpaca('Name a bird.', 'A wren, "small" \u00e9.\n'), alpaca('Name a colour.', 'Blue is one.'), '{"instruction": "Not answered."}']);
      // The workspace's setting has reached the server when it is what measures.
      await until('the model to be in use', async () => (await show(0))?.scorer.startsWith('surprise-model@') === true);
      await vscode.commands.executeCommand('cupel.hideTokenSurprise');
    });
    teardown(async () => {
      await vscode.commands.executeCommand('cupel.hideTokenSurprise');
      await closeEverything();
    });
    suiteTeardown(async () => setting().update('scorer.loss', undefined, vscode.ConfigurationTarget.Workspace));

    function show(line?: number): Thenable<TokenSurprise | undefined> {
      return vscode.commands.executeCommand<TokenSurprise | undefined>('cupel.showTokenSurprise', line === undefined ? undefined : { uri: document.uri.toString(), lines: [line] });
    }

    test('the tokens lie side by side over the response, escapes and all', async () => {
      const surprise = await show(0);
      ok(surprise);
      equal(surprise.version, document.version);
      const raw = surprise.tokens.map(({ range: { start, end } }) => document.getText(new vscode.Range(start.line, start.character, end.line, end.character)));
      equal(raw.join(''), 'A wren, \\"small\\" \u00e9.\\n');
      deepEqual(raw.map((text) => JSON.parse(`"${text}"`) as string), surprise.tokens.map(({ text }) => text));
    });

    test('the hover and the card then say which tokens they are', async () => {
      await show(0);
      match((await until('the hover', () => hoverText(document, 0))).replaceAll('\\', ''), /\*\*Surprise\*\* by surprise-model@/);
      const card = await vscode.commands.executeCommand<{ markdown: string }>('cupel.showRecordCard', { uri: document.uri.toString(), lines: [0] });
      match(card.markdown, /\*\*Surprise of each token\*\*/);
    });

    test('it follows the cursor to another record', async () => {
      await show(0);
      const editor = await vscode.window.showTextDocument(document);
      editor.selection = new vscode.Selection(1, 0, 1, 0);
      await until('the hover of the second record to tell its surprise', async () => (await hoverText(document, 1)).includes('**Surprise**'));
    });

    test('an edit is measured anew', async () => {
      await show(1);
      const editor = await vscode.window.showTextDocument(document);
      editor.selection = new vscode.Selection(1, 0, 1, 0);
      await editor.edit((edit) => edit.insert(new vscode.Position(1, document.lineAt(1).text.indexOf('Blue')), 'Red or '));
      await until('the hover to tell the surprise of the new text', async () => (await hoverText(document, 1)).includes('**Surprise**'));
      equal((await show(1))?.tokens.map(({ text }) => text).join(''), 'Red or Blue is one.');
    });

    test('a link brings the record into an editor', async () => {
      await open('sample.jsonl');
      ok(await show(1));
      const editor = vscode.window.activeTextEditor;
      equal(editor?.document.uri.toString(), document.uri.toString());
      equal(editor.selection.active.line, 1);
    });

    test('a record that nothing answers says so', async () => {
      equal(await show(2), undefined);
    });
  });
}

function setting(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration('cupel');
}
