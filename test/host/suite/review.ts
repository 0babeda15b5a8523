import { deepEqual, equal, match, notEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Requests } from '../../../src/protocol/lsp';
import { activeDiff, closeEverything, fileTeachers, open, shownProposal, until, useTeachers, workspaceFile } from './support';

type ProposeResult = Requests['cupel/propose']['result'];

export function defineReview(): void {
  suite('regenerating from a file, and review', () => {
    suiteSetup(async () => useTeachers(await open('sample.jsonl'), fileTeachers));
    teardown(async () => {
      for (let left = 20; left > 0 && activeDiff(); left--) await vscode.commands.executeCommand('cupel.rejectProposal');
      await closeEverything();
    });

    test('a proposal opens as a diff of readable text with the change of each score in its title', async () => {
      const document = await open('sample.jsonl');
      const { proposals } = await regenerate(document, [0], 'detailed');
      equal(proposals.length, 1);
      equal(proposals[0]?.status, 'pending');
      const { title, now, proposed } = await shownProposal();
      match(title, /detailed/);
      match(title, /reward/);
      match(title, /1 of 1/);
      match(now, /Leaves look green because they are full of chlorophyll/);
      match(proposed, /Leaves are green because of chlorophyll/);
      match(proposed, /Explain why leaves are green\./);
      equal(document.isDirty, false);
    });

    test('accepting is one edit that changes the response of that record and not one byte more; undo restores it', async () => {
      const document = await open('sample.jsonl');
      const original = document.getText();
      await regenerate(document, [2], 'detailed');
      await shownProposal();
      let changes = 0;
      const listener = vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document === document && event.contentChanges.length > 0) changes += 1;
      });
      await vscode.commands.executeCommand('cupel.acceptProposal');
      listener.dispose();
      equal(changes, 1);
      const answer = teacherAnswer('detailed', 'Name the four bases of DNA.');
      equal(document.getText(), original.replace('"output": "A, T, G"', `"output": ${JSON.stringify(answer)}`));
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('undo');
      equal(document.getText(), original);
    });

    test('an accepted proposal that is undone waits for review again', async () => {
      const document = await open('sample.jsonl');
      await regenerate(document, [3], 'concise');
      await shownProposal();
      await vscode.commands.executeCommand('cupel.acceptProposal');
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('undo');
      await until('the proposal in review again', async () => {
        await vscode.commands.executeCommand('cupel.reviewProposals', { uri: document.uri.toString() });
        return activeDiff();
      });
    });

    test('a record that was edited in the meantime is not overwritten', async () => {
      const document = await open('sample.jsonl');
      await regenerate(document, [6], 'detailed');
      const diff = vscode.window.tabGroups.activeTabGroup.activeTab;
      const edit = new vscode.WorkspaceEdit();
      const end = document.lineAt(6).text.indexOf('"output": "') + '"output": "'.length;
      edit.insert(document.uri, new vscode.Position(6, end), 'Edited by hand. ');
      await vscode.workspace.applyEdit(edit);
      const edited = document.getText();
      await vscode.commands.executeCommand('cupel.acceptProposal');
      equal(document.getText(), edited);
      equal(vscode.window.tabGroups.activeTabGroup.activeTab, diff);
    });

    test('a record that moved to another line is found by its key', async () => {
      const document = await open('sample.jsonl');
      await regenerate(document, [2], 'detailed');
      await shownProposal();
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, new vscode.Position(0, 0), '{"instruction": "A new first line.", "input": "", "output": "It pushes the others down."}\n');
      await vscode.workspace.applyEdit(edit);
      await vscode.commands.executeCommand('cupel.acceptProposal');
      notEqual(document.lineAt(3).text.includes('"A, T, G"'), true);
      match(document.lineAt(3).text, /Name the four bases of DNA/);
    });

    test('next, previous and reject walk the queue in the order of the file', async () => {
      const document = await open('sample.jsonl');
      await regenerate(document, [10, 8, 9], 'concise');
      const seen: string[] = [];
      const step = async (command?: string): Promise<void> => {
        const before = activeDiff()?.modified.toString();
        if (command) {
          await vscode.commands.executeCommand(command);
          await until('another proposal', () => activeDiff()?.modified.toString() !== before);
        }
        seen.push(/(\d) of (\d)$/.exec((await shownProposal()).title)?.[0] ?? '');
      };
      await step();
      await step('cupel.nextProposal');
      await step('cupel.nextProposal');
      await step('cupel.previousProposal');
      await step('cupel.rejectProposal');
      deepEqual(seen, ['1 of 3', '2 of 3', '3 of 3', '2 of 3', '2 of 2']);
      equal(document.isDirty, false);
    });

    test('a record that the teacher does not have is skipped with the reason; the others go on', async () => {
      const document = await open('sample.jsonl');
      const { proposals, skipped } = await regenerate(document, [0, 61], 'detailed');
      const failed = [...proposals.filter(({ status }) => status === 'failed').map(({ reason }) => reason ?? ''), ...skipped.map(({ reason }) => reason)];
      equal(failed.length, 1);
      notEqual(failed[0], '');
      equal(proposals.filter(({ status }) => status === 'pending').length, 1);
    });
  });
}

async function regenerate(document: vscode.TextDocument, lines: readonly number[], teacher: string): Promise<ProposeResult> {
  return vscode.commands.executeCommand<ProposeResult>('cupel.regenerateResponse', { uri: document.uri.toString(), lines, teacher });
}

function teacherAnswer(teacher: string, instruction: string): string {
  const rows = readFileSync(workspaceFile(`teachers/${teacher}.jsonl`).fsPath, 'utf8').trimEnd().split('\n');
  const row = rows.map((line) => JSON.parse(line) as { instruction: string; output: string }).find((candidate) => candidate.instruction === instruction);
  if (!row) throw new Error(`${teacher} has no answer to ${instruction}`);
  return row.output;
}
