import { deepEqual, equal } from 'node:assert/strict';
import * as vscode from 'vscode';
import { actionsOn, alpaca, closeEverything, fileTeachers, openNew, until, useTeachers } from './support';

const unanswered = JSON.stringify({ messages: [{ role: 'user', content: 'Is anybody there?' }] });

export function defineActions(): void {
  suite('code actions on a record', () => {
    teardown(closeEverything);

    test('each configured teacher has its own action, and refining waits for a teacher that is a model', async () => {
      const document = await openNew('actions.jsonl', [alpaca('Name a colour.', 'Blue is a colour.'), unanswered]);
      await useTeachers(document, fileTeachers);
      deepEqual(await titlesOn(document, 0), [
        'Score this record',
        'Regenerate this record with concise',
        'Regenerate this record with detailed',
        'Regenerate this record with friendly',
        'Drop this record',
        'Keep only this record',
        'Find near-duplicates of this record',
      ]);
    });

    test('a record without a response can only be dropped, kept or compared', async () => {
      const document = await openNew('actions.jsonl', [alpaca('Name a colour.', 'Blue is a colour.'), unanswered]);
      await until('actions on line 1', async () => (await titlesOn(document, 0)).includes('Score this record'));
      deepEqual(await titlesOn(document, 1), ['Drop this record', 'Keep only this record', 'Find near-duplicates of this record']);
    });

    test('Drop deletes the record, Keep Only the others; undo brings them back', async () => {
      const lines = [alpaca('one', 'first answer'), alpaca('two', 'second answer'), alpaca('three', 'third answer')];
      const document = await openNew('drop.jsonl', lines);
      const original = document.getText();
      const apply = async (title: string): Promise<void> => {
        const action = await until(title, async () => (await actionsOn(document, 1)).find((candidate) => candidate.title === title && candidate.edit));
        if (action.edit) equal(await vscode.workspace.applyEdit(action.edit), true);
      };
      await apply('Drop this record');
      equal(document.getText(), `${lines[0] ?? ''}\n${lines[2] ?? ''}\n`);
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('undo');
      equal(document.getText(), original);
      await apply('Keep only this record');
      equal(document.getText().trim(), lines[1]);
    });
  });
}

/** VS Code hands out what can be done; the disabled actions with their reasons are for the screen. */
async function titlesOn(document: vscode.TextDocument, line: number): Promise<string[]> {
  return (await actionsOn(document, line)).map(({ title }) => title);
}
