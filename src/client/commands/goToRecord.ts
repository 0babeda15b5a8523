import { Range, window, type TextEditor } from 'vscode';
import { formatCount } from '../../core/scores/format';
import { activeFile } from '../bigFiles/openTabs';
import type { Pages } from '../bigFiles/pages';
import { readArgument, recordNumberArguments } from '../commandArguments';
import { datasetLanguage } from '../languageClient';
import type { LanguageServer } from '../languageServer';
import { readWhole } from '../numberInput';
import { pageScheme } from '../../protocol/pageUri';
import type { Command } from './command';

/** In an open dataset the n-th record; in a file that is shown by pages the n-th line, for nobody has read the others. */
export function goToRecord(server: LanguageServer, pages: Pages): Command {
  return {
    id: 'cupel.goToRecord',
    failure: 'The record could not be shown',
    async run(argument) {
      const given = readArgument(recordNumberArguments, argument)?.record;
      const editor = window.activeTextEditor;
      if (editor?.document.languageId === datasetLanguage && editor.document.uri.scheme !== pageScheme) return goInDocument(server, editor, given);
      const file = activeFile();
      const described = file && (await pages.describe(file, 0));
      if (!file) throw new Error('open a JSONL dataset first');
      const record = described && (given ?? (await askForRecord(described.lines)));
      if (described && record !== undefined && record > described.lines) throw new Error(beyond(described.lines));
      return record === undefined ? undefined : (await pages.show(file, record - 1))?.uri.toString();
    },
  };
}

async function goInDocument(server: LanguageServer, editor: TextEditor, given: number | undefined): Promise<string | undefined> {
  const uri = editor.document.uri.toString();
  const { records } = await server.request('cupel/recordLine', { uri, record: 1 });
  if (records === 0) throw new Error('this file holds no records');
  const record = given ?? (await askForRecord(records));
  if (record === undefined) return undefined;
  const { line } = await server.request('cupel/recordLine', { uri, record });
  if (line === null) throw new Error(beyond(records));
  await window.showTextDocument(editor.document, { selection: new Range(line, 0, line, 0), ...(editor.viewColumn !== undefined && { viewColumn: editor.viewColumn }) });
  return uri;
}

async function askForRecord(records: number): Promise<number | undefined> {
  const text = await window.showInputBox({
    title: 'Go to Record',
    prompt: `1 – ${formatCount(records)}`,
    validateInput: (typed) => {
      const number = readWhole(typed);
      return number.ok && number.value <= records ? undefined : `A number from 1 to ${formatCount(records)}`;
    },
  });
  const number = text === undefined ? undefined : readWhole(text);
  return number?.ok ? number.value : undefined;
}

function beyond(records: number): string {
  return `there are only ${formatCount(records)} records`;
}
