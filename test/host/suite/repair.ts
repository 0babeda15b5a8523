import { equal, ok } from 'node:assert/strict';
import * as vscode from 'vscode';
import { alpaca, closeEverything, openNew, until } from './support';

const trailing = '{"instruction": "Name a colour.", "output": "Blue.",}';
const python = "{'instruction': 'Name a number.', 'output': 'Seven.'}";
const wholeTrailing = '{"instruction": "Name a colour.", "output": "Blue."}';
const wholePython = '{"instruction": "Name a number.", "output": "Seven."}';

export function defineRepair(): void {
  suite('repairing broken lines', () => {
    teardown(closeEverything);

    test('the light bulb of a problem repairs its line, and undo brings it back', async () => {
      const document = await openNew('repair.jsonl', [alpaca('Name a bird.', 'A crow.'), trailing]);
      const original = document.getText();
      const fix = await fixOn(document, 1, 'Repair: remove the trailing comma');
      equal(fix.isPreferred, true);
      ok(fix.edit);
      equal(await vscode.workspace.applyEdit(fix.edit), true);
      equal(document.getText(), original.replace(trailing, wholeTrailing));
      await until('no problem on line 2', () => problemsOn(document, 1, 'broken-json').length === 0);
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('undo');
      equal(document.getText(), original);
    });

    test('all broken lines are repaired in one step, which one undo takes back', async () => {
      const document = await openNew('repairAll.jsonl', [trailing, '{"a": x}', python]);
      const original = document.getText();
      const all = await fixOn(document, 0, 'Repair 2 of 3 broken lines');
      ok(all.edit);
      equal(await vscode.workspace.applyEdit(all.edit), true);
      equal(document.getText(), `${wholeTrailing}\n{"a": x}\n${wholePython}\n`);
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('undo');
      equal(document.getText(), original);
    });

    test('a file that is one array is one problem, and becomes a record a line', async () => {
      const records = [alpaca('Name a bird.', 'A crow.'), alpaca('Name a fish.', 'A carp.')];
      const document = await openNew('array.jsonl', ['[', records.join(',\n'), ']']);
      await until('one problem', () => problemsOn(document, undefined, 'array-file').length === 1 && problemsOn(document, undefined, 'broken-json').length === 0);
      const fix = await fixOn(document, 2, 'Write each element on its own line');
      ok(fix.edit);
      equal(await vscode.workspace.applyEdit(fix.edit), true);
      equal(document.getText(), `${records.join('\n')}\n`);
      await until('no problem', () => problemsOn(document, undefined, 'array-file').length === 0);
    });

    test('broken lines are repaired on saving where a person wants that', async () => {
      const editor = vscode.workspace.getConfiguration('editor');
      await editor.update('codeActionsOnSave', { 'source.fixAll.cupel': 'explicit' }, vscode.ConfigurationTarget.Workspace);
      try {
        const document = await openNew('onSave.jsonl', [trailing, python]);
        await fixOn(document, 0, 'Repair: remove the trailing comma');
        const window = await vscode.window.showTextDocument(document);
        await window.edit((edit) => edit.insert(new vscode.Position(1, 0), ' '));
        await vscode.commands.executeCommand('workbench.action.files.save');
        await until('a repaired file', () => document.getText() === `${wholeTrailing}\n ${wholePython}\n` && !document.isDirty);
      } finally {
        await editor.update('codeActionsOnSave', undefined, vscode.ConfigurationTarget.Workspace);
      }
    });
  });
}

function problemsOn(document: vscode.TextDocument, line: number | undefined, rule: string): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(document.uri).filter(({ code, range }) => code === rule && (line === undefined || range.start.line === line));
}

/** The quick fix with its edit, which VS Code asks for when one is chosen. */
function fixOn(document: vscode.TextDocument, line: number, title: string): Promise<vscode.CodeAction> {
  const place = new vscode.Range(line, 0, line, 0);
  return until(title, async () => {
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, place, vscode.CodeActionKind.QuickFix.value, 10);
    return actions.find((action) => action.title === title);
  });
}
