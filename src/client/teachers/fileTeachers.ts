import path from 'node:path';
import { commands, ConfigurationTarget, FileSystemError, FileType, Uri, window, workspace } from 'vscode';
import type { LanguageServer } from '../languageServer';
import { fileEntry } from './fileEntry';
import { teacherEntries } from './teacherSettings';

/** JSONL files in a `teachers` folder beside a dataset that no teacher of the settings stands for. */
export async function teacherFilesBeside(dataset: Uri): Promise<Uri[]> {
  if (dataset.scheme !== 'file') return [];
  const folder = Uri.joinPath(dataset, '..', 'teachers');
  const known = new Set(teacherEntries().flatMap((entry) => (entry.kind === 'file' ? [absolute(entry.path)] : [])));
  const files = (await filesOf(folder)).filter((name) => name.endsWith('.jsonl')).map((name) => Uri.joinPath(folder, name));
  return files.filter(({ fsPath }) => !known.has(fsPath));
}

/** Asks for one or more JSONL files. */
export async function chooseTeacherFiles(title: string, many: boolean, near: Uri | undefined): Promise<Uri[]> {
  const folder = near?.scheme === 'file' ? Uri.joinPath(near, '..') : undefined;
  const files = await window.showOpenDialog({ title, openLabel: 'Use', canSelectMany: many, filters: { JSONL: ['jsonl', 'ndjson'] }, ...(folder && { defaultUri: folder }) });
  return files ?? [];
}

/**
 * Adds a file to the workspace's teachers and lets the server know.
 *
 * @returns its id, or undefined when the person decided against it.
 */
export async function addFileTeacher(file: Uri, server: LanguageServer): Promise<string | undefined> {
  const target = await settingsTarget();
  if (target === undefined) return undefined;
  const settings = workspace.getConfiguration('cupel');
  const existing = settings.get<readonly unknown[]>('teachers') ?? [];
  const folders = (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const entry = fileEntry(file.fsPath, teacherEntries().map(({ id }) => id), folders);
  await settings.update('teachers', [...existing, entry], target);
  await server.settingsChanged();
  return entry.id;
}

async function settingsTarget(): Promise<ConfigurationTarget | undefined> {
  if (workspace.workspaceFolders === undefined) {
    const add = 'Add to User Settings';
    const answer = await window.showInformationMessage('Add this teacher to your user settings?', { modal: true, detail: 'No folder is open, so there are no workspace settings to keep it in.' }, add);
    return answer === add ? ConfigurationTarget.Global : undefined;
  }
  if (workspace.isTrusted) return ConfigurationTarget.Workspace;
  const manage = 'Manage Workspace Trust';
  const answer = await window.showWarningMessage('Teachers of this folder are not used until you trust it.', manage);
  if (answer === manage) await commands.executeCommand('workbench.trust.manage');
  return undefined;
}

function absolute(file: string): string {
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  return folder === undefined ? file : path.resolve(folder, file);
}

async function filesOf(folder: Uri): Promise<string[]> {
  try {
    return (await workspace.fs.readDirectory(folder)).filter(([, type]) => (type & FileType.File) !== 0).map(([name]) => name).sort();
  } catch (error) {
    if (error instanceof FileSystemError && error.code === 'FileNotFound') return [];
    throw error;
  }
}
