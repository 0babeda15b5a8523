import { strictEqual } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';

export function defineActivation(): void {
  suite('activation', () => {
    test('opening a .jsonl file starts Cupel', async () => {
      const folder = vscode.workspace.workspaceFolders?.[0];
      if (!folder) throw new Error('The tests need a workspace folder.');
      const uri = vscode.Uri.joinPath(folder.uri, 'smoke.jsonl');
      writeFileSync(uri.fsPath, '{}\n');
      const document = await vscode.workspace.openTextDocument(uri);
      strictEqual(document.languageId, 'jsonl');
    });
  });
}
