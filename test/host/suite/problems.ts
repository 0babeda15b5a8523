import { deepEqual, equal, match } from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import { alpaca, closeEverything, openNew, until, workspaceFile } from './support';

const crow = alpaca('Name a bird.', 'A crow sits on the roof.');
const wren = alpaca('Name a bird.', 'A wren sits in the hedge.');
const colour = alpaca('Name a colour.', 'Blue is the colour of the sky.');

/** What stands in Problems, for files that are open and files that are not. */
export function defineProblems(): void {
  suite('problems of a dataset', () => {
    teardown(async () => {
      for (const name of ['severity', 'workspace'] as const) await set(name, undefined);
      await closeEverything();
    });

    test('a duplicate names the lines on which the same stands, ready to be gone to', async () => {
      const { uri } = await openNew('twice.jsonl', [crow, colour, crow, wren]);
      await shows(uri, ['3 duplicate-record', '4 duplicate-prompt']);
      const [twin, other] = vscode.languages.getDiagnostics(uri);
      deepEqual(relatedTo(uri, twin), ['1 Name a bird.']);
      deepEqual(relatedTo(uri, other), ['1 Name a bird.', '3 Name a bird.']);
      equal(twin?.source, 'Cupel');
      equal(twin.severity, vscode.DiagnosticSeverity.Information);
      match(twin.message, /^The same conversation stands on line 1\.$/);
    });

    test('they follow the typing: gone with the last copy, back when it is undone', async () => {
      const document = await openNew('typed.jsonl', [crow, colour, crow]);
      await shows(document.uri, ['3 duplicate-record']);
      const edit = new vscode.WorkspaceEdit();
      edit.replace(document.uri, document.lineAt(2).range, alpaca('Name a number.', 'Seven is the number of the days.'));
      await vscode.workspace.applyEdit(edit);
      await shows(document.uri, []);
      await vscode.commands.executeCommand('undo');
      await shows(document.uri, ['3 duplicate-record']);
    });

    test('a rule that is set to off is gone at once, and comes back', async () => {
      const { uri } = await openNew('severity.jsonl', [crow, crow, wren]);
      await shows(uri, ['2 duplicate-record', '3 duplicate-prompt']);
      await set('severity', { 'duplicate-record': 'off', 'duplicate-prompt': 'error' });
      await shows(uri, ['3 duplicate-prompt']);
      equal(vscode.languages.getDiagnostics(uri)[0]?.severity, vscode.DiagnosticSeverity.Error);
      await set('severity', undefined);
      await shows(uri, ['2 duplicate-record', '3 duplicate-prompt']);
    });

    test('a field that is written wrongly is marked at its name', async () => {
      const document = await openNew('misspelt.jsonl', [colour, '{"instruction": "Name a bird.", "ouput": "A crow."}']);
      await shows(document.uri, ['2 no-response', '2 unknown-field']);
      const field = vscode.languages.getDiagnostics(document.uri).find(({ code }) => code === 'unknown-field');
      equal(field?.severity, vscode.DiagnosticSeverity.Warning);
      match(field.message, /output/);
      equal(document.getText(field.range), '"ouput"');
    });

    test('a file that is closed leaves none', async () => {
      const uri = workspaceFile('closed.jsonl');
      writeFileSync(uri.fsPath, `${crow}\n${crow}\n`);
      // A document that an extension opens itself stays open for minutes without an editor.
      await vscode.commands.executeCommand('vscode.open', uri);
      await shows(uri, ['2 duplicate-record']);
      await closeEverything();
      await shows(uri, []);
    });

    test('closed files of the workspace are checked where a person wants that, and only then', async () => {
      // Editors escape the brackets of such a name, Node does not.
      const unopened = workspaceFile('unopened (1).jsonl');
      writeFileSync(unopened.fsPath, `${crow}\n${crow}\n[1]\n`);
      try {
        const uri = workspaceFile('opened.jsonl');
        writeFileSync(uri.fsPath, `${colour}\n${colour}\n`);
        await vscode.commands.executeCommand('vscode.open', uri);
        await shows(uri, ['2 duplicate-record']);
        await shows(unopened, []);
        await set('workspace', true);
        await shows(unopened, ['3 not-an-object', '2 duplicate-record']);
        await closeEverything();
        await until('the document to be closed', () => !vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString()));
        await shows(uri, ['2 duplicate-record']);
        writeFileSync(unopened.fsPath, `${crow}\n`);
        await shows(unopened, []);
        await set('workspace', false);
        await shows(uri, []);
      } finally {
        rmSync(unopened.fsPath);
      }
    });
  });
}

/** Waits until just these stand in Problems, each as `line rule`. */
async function shows(uri: vscode.Uri, wanted: readonly string[]): Promise<void> {
  let seen: readonly string[] = [];
  await until(`${wanted.join(', ') || 'nothing'} in Problems`, () => {
    seen = vscode.languages.getDiagnostics(uri).map(({ range, code }) => `${range.start.line + 1} ${typeof code === 'string' ? code : ''}`);
    return isDeepStrictEqual(seen, wanted);
  }).catch((error: unknown) => {
    throw new Error(`Problems shows ${seen.join(', ') || 'nothing'}, not ${wanted.join(', ') || 'nothing'}`, { cause: error });
  });
}

function relatedTo(uri: vscode.Uri, problem: vscode.Diagnostic | undefined): string[] {
  return (problem?.relatedInformation ?? []).filter(({ location }) => location.uri.toString() === uri.toString()).map(({ location, message }) => `${location.range.start.line + 1} ${message}`);
}

async function set(name: 'severity' | 'workspace', value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('cupel').update(`problems.${name}`, value, vscode.ConfigurationTarget.Workspace);
}
