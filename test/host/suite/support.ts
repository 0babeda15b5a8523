import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { CupelApi } from '../../../src/client/extension';
import type { TeacherConfig } from '../../../src/core/teachers/teacher';

export const extensionId = 'cupel.cupel';

export function workspaceFile(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('The tests need a workspace folder.');
  return vscode.Uri.joinPath(folder.uri, name);
}

/** Opens a file of the workspace and waits for the language server. */
export async function open(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(workspaceFile(name));
  await vscode.window.showTextDocument(document, { preview: false });
  await (await cupel()).ready;
  return document;
}

/** Writes a file into the workspace and opens it. */
export async function openNew(name: string, lines: readonly string[]): Promise<vscode.TextDocument> {
  writeFileSync(workspaceFile(name).fsPath, lines.map((line) => `${line}\n`).join(''));
  return open(name);
}

export async function cupel(): Promise<CupelApi> {
  const extension = vscode.extensions.getExtension<CupelApi>(extensionId);
  if (!extension) throw new Error(`${extensionId} is not installed.`);
  return extension.activate();
}

export function alpaca(instruction: string, output: string): string {
  return JSON.stringify({ instruction, input: '', output });
}

/** Asks again until there is an answer. What is waited for is named in the failure. */
export async function until<T>(what: string, probe: () => T | undefined | false | PromiseLike<T | undefined | false>, seconds = 20): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`Waited ${seconds} s for: ${what}`);
    await wait(50);
  }
}

/** The badge of each line, by 0-based line number; a line without one is absent. */
export async function badges(document: vscode.TextDocument): Promise<ReadonlyMap<number, string>> {
  const everything = new vscode.Range(0, 0, document.lineCount, 0);
  const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>('vscode.executeInlayHintProvider', document.uri, everything);
  return new Map(hints.map(({ position, label }) => [position.line, typeof label === 'string' ? label : label.map(({ value }) => value).join('')]));
}

export async function badgeWhere(document: vscode.TextDocument, line: number, what: string, holds: (badge: string) => boolean): Promise<string> {
  return until(`the badge of line ${line + 1} to show ${what}`, async () => {
    const badge = (await badges(document)).get(line);
    return badge !== undefined && holds(badge) && badge;
  });
}

export async function hoverText(document: vscode.TextDocument, line: number): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, new vscode.Position(line, 5));
  return hovers.flatMap(({ contents }) => contents.map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))).join('\n');
}

export async function actionsOn(document: vscode.TextDocument, line: number): Promise<vscode.CodeAction[]> {
  const place = new vscode.Range(line, 0, line, 0);
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, place);
  return actions.filter(({ kind }) => kind?.value.startsWith('refactor'));
}

/** Writes the workspace's setting and waits until the server offers just these teachers for the first record. */
export async function useTeachers(document: vscode.TextDocument, teachers: readonly TeacherConfig[]): Promise<void> {
  await vscode.workspace.getConfiguration('cupel').update('teachers', teachers, vscode.ConfigurationTarget.Workspace);
  const wanted = teachers.map(({ id }) => `Regenerate this record with ${id}`);
  await until(`actions for the teachers ${teachers.map(({ id }) => id).join(', ')}`, async () => {
    const titles = (await actionsOn(document, 0)).map(({ title }) => title);
    return titles.includes('Score this record') && isDeepStrictEqual(titles.filter((title) => title.startsWith('Regenerate')), wanted);
  });
}

export const fileTeachers: readonly TeacherConfig[] = ['concise', 'detailed', 'friendly'].map((id) => ({ kind: 'file', id, path: `teachers/${id}.jsonl` }));

export function activeDiff(): vscode.TabInputTextDiff | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputTextDiff ? input : undefined;
}

/** The proposal shown for review: its tab's title and both sides. */
export async function shownProposal(): Promise<{ title: string; now: string; proposed: string }> {
  const diff = await until('a proposal in the diff editor', activeDiff);
  const now = (await vscode.workspace.openTextDocument(diff.original)).getText();
  const proposed = (await vscode.workspace.openTextDocument(diff.modified)).getText();
  return { title: vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? '', now, proposed };
}

/** Leaves no editor behind and no change to a dataset; what VS Code itself is writing (its settings) is not ours to revert. */
export async function closeEverything(): Promise<void> {
  for (const document of vscode.workspace.textDocuments) {
    if (!document.isDirty || document.languageId !== 'jsonl') continue;
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}
