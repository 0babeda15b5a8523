import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { alpaca, closeEverything, cupel, open, openNew, until, workspaceFile } from './support';

export function defineRecordView(): void {
  suite('a record as a document', () => {
    teardown(async () => {
      for (const document of recordDocuments()) {
        if (!document.isDirty) continue;
        await vscode.window.showTextDocument(document);
        await vscode.commands.executeCommand('workbench.action.files.revert');
      }
      await closeEverything();
    });

    test('opens as Markdown with wrapped lines, and is named after its line', async () => {
      const dataset = await openNew('record-open.jsonl', [alpaca('Name a bird.', 'A wren.\n\nOr a robin.'), alpaca('Name a fish.', 'A pike.')]);
      const record = await openRecord(dataset, 1);
      match(record.getText(), /\n## User\n\nName a fish\.\n\n## Input\n\n## Assistant\n\nA pike\.\n$/u);
      equal(record.languageId, 'markdown');
      equal(record.isDirty, false);
      equal(vscode.window.tabGroups.activeTabGroup.activeTab?.label, 'record 2.md');
      equal(vscode.workspace.getConfiguration('editor', record).get('wordWrap'), 'on');
      await openRecord(dataset, 0);
      equal(recordDocuments().length, 2);
    });

    test('saving edits its one line of a file with CRLF line ends and odd spellings, as one step of undo', async () => {
      const lines = [alpaca('a', 'b'), '{ "id" : 1.50e0, "output":"caf\\u00E9 \\/ two\\nlines" ,"instruction" : "Say it.","tags":["b", "a"]}', alpaca('c', 'd')];
      writeFileSync(workspaceFile('record-crlf.jsonl').fsPath, lines.map((line) => `${line}\r\n`).join(''));
      const dataset = await open('record-crlf.jsonl');
      const original = dataset.getText();
      const record = await openRecord(dataset, 1);
      await type(record, 'café', 'thé "vert"\n\nou');
      await type(record, 'Say it.', 'Say it in French.');
      equal(await record.save(), true);
      equal(record.isDirty, false);
      equal(dataset.getText(), original.replace('caf\\u00E9', 'th\\u00E9 \\"vert\\"\\n\\nou').replace('Say it.', 'Say it in French.'));
      equal(dataset.isDirty, true, 'the file itself is left to the person to save');
      await vscode.window.showTextDocument(dataset);
      await vscode.commands.executeCommand('undo');
      equal(dataset.getText(), original);
      await until('the record to be read again', () => record.getText().includes('\nSay it.\n') && !record.isDirty);
      match(record.getText(), /\ncafé \/ two\nlines\n$/u);
    });

    test('can be saved again and again, and after the dataset was saved', async () => {
      const dataset = await openNew('record-again.jsonl', [alpaca('Count.', 'one')]);
      const record = await openRecord(dataset, 0);
      for (const [before, after] of [['one', 'two'], ['two', 'three'], ['three', 'four']] as const) {
        await type(record, `\n${before}\n`, `\n${after}\n`);
        equal(await record.save(), true, after);
        equal(dataset.getText(), `${alpaca('Count.', after)}\n`);
        if (after === 'three') await dataset.save();
      }
    });

    test('an open record shows what is changed in its line, and moves with it', async () => {
      const dataset = await openNew('record-follow.jsonl', [alpaca('a', 'b'), alpaca('Name a tree.', 'An oak.')]);
      const record = await openRecord(dataset, 1);
      await type(dataset, 'An oak.', 'An elm.');
      await until('the new text', () => record.getText().includes('\nAn elm.\n'));
      const edit = new vscode.WorkspaceEdit();
      edit.insert(dataset.uri, new vscode.Position(0, 0), `${alpaca('new', 'new')}\n\n`);
      await vscode.workspace.applyEdit(edit);
      await until('the new line', () => record.getText().includes('\n# Line 4 of'));
      await type(record, 'An elm.', 'An ash.');
      equal(await record.save(), true);
      equal(dataset.lineAt(3).text, alpaca('Name a tree.', 'An ash.'));
    });

    test('a change underneath is shown beside the text, and never overwritten', async () => {
      const dataset = await openNew('record-conflict.jsonl', [alpaca('Name a colour.', 'Red.')]);
      const record = await openRecord(dataset, 0);
      await type(record, 'Red.', 'Dark red.');
      await type(dataset, 'Red.', 'Blue.');
      const underneath = dataset.getText();
      equal(await record.save(), false);
      const diff = await until('both sides', () => {
        const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
        return input instanceof vscode.TabInputTextDiff && input;
      });
      equal(diff.modified.toString(), record.uri.toString());
      match((await vscode.workspace.openTextDocument(diff.original)).getText(), /\nBlue\.\n/u);
      match(record.getText(), /\nDark red\.\n/u);
      equal(await record.save(), false, 'nor when it is saved again');
      equal(dataset.getText(), underneath);
      equal(record.isDirty, true);
    });

    test('a document whose headings do not fit is not written', async () => {
      const dataset = await openNew('record-headings.jsonl', [alpaca('a', 'b')]);
      const record = await openRecord(dataset, 0);
      await type(record, '## Assistant', 'Assistant');
      const before = dataset.getText();
      equal(await record.save(), false);
      deepEqual([dataset.getText(), record.isDirty], [before, true]);
      await type(record, '\nAssistant\n', '\n## Assistant\n');
      equal(await record.save(), true);
    });

    test('characters that editors lose come back as they were', async () => {
      const output = 'a\rb\r\nc\u2028d\ufeff\u0000\ud800 🎈 ```\n## User\n```\n';
      // Raw line separators VS Code itself offers to take away.
      const spelled = (instruction: string) => alpaca(instruction, output).replace('\u2028', '\\u2028');
      const dataset = await openNew('record-characters.jsonl', [spelled('Keep them.')]);
      const record = await openRecord(dataset, 0);
      await type(record, 'Keep them.', 'Keep all.');
      equal(await record.save(), true);
      deepEqual(JSON.parse(dataset.lineAt(0).text), { instruction: 'Keep all.', input: '', output });
      equal(dataset.lineAt(0).text, spelled('Keep all.'));
    });

    test('a deleted record says so, and is there again after undo', async () => {
      const dataset = await openNew('record-deleted.jsonl', [alpaca('a', 'b'), alpaca('Gone?', 'Yes.')]);
      const record = await openRecord(dataset, 1);
      const edit = new vscode.WorkspaceEdit();
      edit.delete(dataset.uri, new vscode.Range(1, 0, 2, 0));
      await vscode.workspace.applyEdit(edit);
      await until('no file', async () => vscode.workspace.fs.stat(record.uri).then(() => false, () => true));
      await vscode.window.showTextDocument(dataset);
      await vscode.commands.executeCommand('undo');
      await until('the file', async () => vscode.workspace.fs.stat(record.uri).then(() => true, () => false));
    });

    test('Next and Previous Record pass over lines that hold none, in the dataset and in a record', async () => {
      const dataset = await openNew('record-steps.jsonl', [alpaca('first', '1'), '', '{"broken', alpaca('second', '2'), alpaca('third', '3')]);
      const editor = await vscode.window.showTextDocument(dataset);
      editor.selection = new vscode.Selection(0, 0, 0, 0);
      equal(await vscode.commands.executeCommand('cupel.nextRecord'), 3);
      equal(editor.selection.active.line, 3);
      await openRecord(dataset, 3);
      equal(await vscode.commands.executeCommand('cupel.nextRecord'), 4);
      match(vscode.window.activeTextEditor?.document.getText() ?? '', /\nthird\n/u);
      equal(await vscode.commands.executeCommand('cupel.nextRecord'), undefined);
      equal(await vscode.commands.executeCommand('cupel.previousRecord'), 3);
      equal(await vscode.commands.executeCommand('cupel.previousRecord'), 0);
      match(vscode.window.activeTextEditor?.document.getText() ?? '', /\nfirst\n/u);
      deepEqual(recordTabs().map(({ label }) => label), ['record 1.md'], 'in the place of the one before');
    });

    test('the record at the side follows the cursor until it is edited, and again once it is saved', async () => {
      const dataset = await openNew('record-side.jsonl', [alpaca('uno', '1'), alpaca('due', '2'), '', alpaca('tre', '3')]);
      const editor = await vscode.window.showTextDocument(dataset);
      await vscode.commands.executeCommand('cupel.openRecordToTheSide');
      await until('the first record', () => sideText().includes('\nuno\n'));
      ok(vscode.window.activeTextEditor?.document === dataset, 'the dataset keeps the cursor');
      for (const [line, title] of [[1, 'due'], [2, 'due'], [3, 'tre']] as const) {
        editor.selection = new vscode.Selection(line, 0, line, 0);
        await until(title, () => sideText().includes(`\n${title}\n`));
        deepEqual(recordTabs().map(({ label }) => label), [`record ${line === 2 ? 2 : line + 1}.md`]);
      }
      const third = recordDocuments().find((document) => document.getText().includes('\ntre\n'));
      ok(third);
      await type(third, '\ntre\n', '\nquattro\n');
      editor.selection = new vscode.Selection(0, 0, 0, 0);
      equal(await third.save(), true);
      editor.selection = new vscode.Selection(1, 0, 1, 0);
      await until('the second record', () => sideText().includes('\ndue\n'));
      equal(dataset.lineAt(3).text, alpaca('quattro', '3'));
    });

    test('edits a dataset that no editor shows', async () => {
      const dataset = await openNew('record-hidden.jsonl', [alpaca('a', 'unseen')]);
      const record = await openRecord(dataset, 0);
      const tab = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ label }) => label === 'record-hidden.jsonl');
      ok(tab);
      await vscode.window.tabGroups.close(tab);
      await type(record, 'unseen', 'seen');
      equal(await record.save(), true);
      const now = await vscode.workspace.openTextDocument(workspaceFile('record-hidden.jsonl'));
      equal(now.getText(), `${alpaca('a', 'seen')}\n`);
    });
  });
}

async function openRecord(dataset: vscode.TextDocument, line: number): Promise<vscode.TextDocument> {
  await (await cupel()).ready;
  const [uri] = (await vscode.commands.executeCommand<string[] | undefined>('cupel.openRecord', { uri: dataset.uri.toString(), lines: [line] })) ?? [];
  ok(uri, `the record of line ${line + 1} is open`);
  return vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true));
}

/** Again when the document is just being read anew: VS Code then refuses an edit of the text before. */
async function type(document: vscode.TextDocument, before: string, after: string): Promise<void> {
  await until(`${before} to be replaced in ${document.uri.path}`, () => {
    const start = document.getText().indexOf(before);
    if (start < 0) return false;
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(start + before.length)), after);
    return vscode.workspace.applyEdit(edit);
  });
}

function recordDocuments(): vscode.TextDocument[] {
  return vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === 'cupel-record');
}

function recordTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(({ input }) => input instanceof vscode.TabInputText && input.uri.scheme === 'cupel-record');
}

/** The text of the record that is shown beside a dataset. */
function sideText(): string {
  return vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'cupel-record')?.document.getText() ?? '';
}
