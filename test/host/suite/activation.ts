import { deepEqual, equal, match, ok } from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEverything, cupel, extensionId, open } from './support';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[] };
}

export function defineActivation(): void {
  suite('activation', () => {
    teardown(closeEverything);

    test('opening a .jsonl file starts Cupel and its language server', async () => {
      const document = await open('sample.jsonl');
      equal(document.languageId, 'jsonl');
      equal(vscode.extensions.getExtension(extensionId)?.isActive, true);
      await (await cupel()).ready;
    });

    test('every command of the manifest exists and stands in the category Cupel', async () => {
      const manifest = vscode.extensions.getExtension(extensionId)?.packageJSON as Manifest;
      const declared = manifest.contributes.commands;
      ok(declared.length >= 15, `${declared.length} commands`);
      const known = new Set(await vscode.commands.getCommands(true));
      deepEqual(declared.filter(({ command }) => !known.has(command)), []);
      for (const { title, category } of declared) {
        equal(category, 'Cupel');
        match(title, /^[A-Z]/);
        ok(!title.includes('%'), `untranslated title ${title}`);
      }
    });
  });
}
