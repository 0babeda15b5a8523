import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { appendFileSync, closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { BigFileHits } from '../../../src/protocol/lsp';
import { actionsOn, alpaca, badges, badgeWhere, closeEverything, cupel, hoverText, open, until, workspaceFile } from './support';

/** More than VS Code hands to extensions. */
const megabytes = 56;
const lines = 140_000;

export function defineBigFiles(): void {
  suite('a file of more than 50 MB', () => {
    let file: vscode.Uri;

    suiteSetup(async () => {
      file = workspaceFile('big [one] #1.jsonl');
      writeBigFile(file.fsPath);
      await (await cupel()).ready;
    });
    teardown(closeEverything);

    test('is kept from extensions by VS Code itself: this is what the pages are for', async () => {
      await vscode.commands.executeCommand('vscode.open', file);
      await until('its tab', () => tabUri()?.toString() === file.toString());
      equal(vscode.window.activeTextEditor, undefined);
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    });

    test('opens in the text editor as a page, with badges and the card', async () => {
      const document = await openPage();
      equal(document.lineCount, 500);
      equal(document.languageId, 'jsonl');
      match(path.basename(document.uri.path), /^big \[one\] #1 1-500\.jsonl$/);
      await badgeWhere(document, 0, 'a length', (badge) => /^\d+t/.test(badge));
      const card = await until('the card', () => hoverText(document, 6));
      match(card, new RegExp(`Record 7 of ${lines.toLocaleString('en-US')}`));
      match(card, /What is number 6\?/);
    });

    test('turns pages in one tab, forwards, backwards, and to any record', async () => {
      await openPage();
      await vscode.commands.executeCommand('cupel.nextPage');
      let document = await shownPage('501-1000');
      match(document.lineAt(0).text, /number 500\?/);
      await vscode.commands.executeCommand('cupel.previousPage');
      document = await shownPage('1-500');
      await vscode.commands.executeCommand('cupel.goToRecord', { record: 51_201 });
      document = await shownPage('51001-51500');
      equal(vscode.window.activeTextEditor?.selection.active.line, 200);
      match(document.lineAt(200).text, /number 51200\?/);
      match(await until('the card', () => hoverText(document, 200)), /Record 51,201 of 140,000/);
      equal(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length, 1);
    });

    test('is searched as a whole, and pages come where the hits are', async () => {
      await openPage();
      const found = await vscode.commands.executeCommand<BigFileHits>('cupel.searchBigFile', { uri: file.toString(), query: { text: 'NUMBER 99999?' } });
      deepEqual(
        found.hits.map(({ line }) => line),
        [99_999],
      );
    });

    test('cannot be edited, and nothing is offered that would', async () => {
      const document = await openPage();
      const before = document.getText();
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, new vscode.Position(0, 0), 'x');
      await vscode.workspace.applyEdit(edit);
      await vscode.commands.executeCommand('default:type', { text: 'x' });
      equal(document.isDirty && (await document.save()), false);
      await vscode.commands.executeCommand('workbench.action.files.revert');
      equal(document.getText(), before);
      const titles = await until('actions', async () => {
        const actions = await actionsOn(document, 0);
        return actions.length > 0 && actions.map(({ title }) => title);
      });
      ok(titles.includes('Score this record'), titles.join(', '));
      deepEqual(titles.filter((title) => /Drop|Keep|Refine|Regenerate/.test(title)), []);
    });

    test('scores of its records are kept: a page that comes back has them', async () => {
      let document = await openPage();
      await vscode.commands.executeCommand('cupel.scoreSelection', { uri: document.uri.toString(), lines: [2] });
      await badgeWhere(document, 2, 'scores', (badge) => badge.includes('r≈'));
      await vscode.commands.executeCommand('cupel.nextPage');
      await shownPage('501-1000');
      await vscode.commands.executeCommand('cupel.previousPage');
      document = await shownPage('1-500');
      await badgeWhere(document, 2, 'scores', (badge) => /^\d+t r≈.* ifd≈/.test(badge));
      equal(((await badges(document)).get(3) ?? '').includes('r≈'), false);
    });

    test('that grows shows what was added', async () => {
      await vscode.commands.executeCommand('cupel.openBigFile', { uri: file.toString(), record: lines });
      const document = await shownPage('139501-140000');
      appendFileSync(file.fsPath, `${record(lines)}\n`);
      await vscode.commands.executeCommand('cupel.goToRecord', { record: lines + 1 });
      const last = await shownPage('140001-140001');
      match(last.lineAt(0).text, /number 140000\?/);
      match(await until('the card of the old page', () => hoverText(document, 0)), /Record 139,501 of 140,001/);
    });

    async function openPage(): Promise<vscode.TextDocument> {
      await vscode.commands.executeCommand('cupel.openBigFile', { uri: file.toString() });
      return shownPage('1-500');
    }
  });

  suite('Go to Record', () => {
    teardown(closeEverything);

    test('puts the cursor on a record of an ordinary dataset', async () => {
      await open('sample.jsonl');
      await vscode.commands.executeCommand('cupel.goToRecord', { record: 12 });
      equal(vscode.window.activeTextEditor?.selection.active.line, 11);
    });
  });
}

function tabUri(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputText ? input.uri : undefined;
}

async function shownPage(numbers: string): Promise<vscode.TextDocument> {
  return until(`the page ${numbers}`, () => {
    const document = vscode.window.activeTextEditor?.document;
    return document?.uri.scheme === 'cupel-page' && document.uri.path.endsWith(` ${numbers}.jsonl`) && document;
  });
}

function record(number: number): string {
  return alpaca(`What is number ${number}?`, `It is the number ${number}, and this is what there is to say about it: ${'so it goes, and so on. '.repeat(14)}`);
}

function writeBigFile(to: string): void {
  const handle = openSync(to, 'w');
  let written = 0;
  for (let number = 0; number < lines; number += 1000) written += writeSync(handle, Array.from({ length: 1000 }, (_, index) => `${record(number + index)}\n`).join(''));
  closeSync(handle);
  ok(written > megabytes * 1e6, `${written} bytes`);
}
