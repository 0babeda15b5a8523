import { Uri, window, workspace, type TextDocument } from 'vscode';
import { activeFile } from './bigFiles/openTabs';
import { datasetArguments, readArgument, recordArguments } from './commandArguments';
import { datasetLanguage } from './languageClient';
import { selectedLines } from './selectedLines';

/** Records that a command is about. */
export interface RecordTarget {
  readonly document: TextDocument;
  /** 0-based, ascending, at least one, none of them blank. */
  readonly lines: readonly number[];
  /** The teacher that was named with the command. */
  readonly teacher?: string;
}

/** @throws with what to do when no dataset is open. */
export async function datasetTarget(argument: unknown): Promise<TextDocument> {
  const given = readArgument(datasetArguments, argument);
  return given ? workspace.openTextDocument(Uri.parse(given.uri, true)) : activeDataset().document;
}

/**
 * The named records, or those under the active editor's selections.
 *
 * @throws with what to do when there is none.
 */
export async function recordTarget(argument: unknown): Promise<RecordTarget> {
  const given = readArgument(recordArguments, argument);
  if (given) {
    const document = await workspace.openTextDocument(Uri.parse(given.uri, true));
    return { document, lines: written(document, given.lines), ...(given.teacher !== undefined && { teacher: given.teacher }) };
  }
  const { document, selections } = activeDataset();
  return { document, lines: written(document, selectedLines(selections)) };
}

function activeDataset() {
  const editor = window.activeTextEditor;
  if (!editor && activeFile()) throw new Error('VS Code does not hand this file to extensions, as it does with all above 50 MB; open it with Cupel: Open in Cupel');
  if (editor?.document.languageId !== datasetLanguage) throw new Error('open a JSONL dataset first');
  return editor;
}

function written(document: TextDocument, lines: readonly number[]): number[] {
  const present = lines.filter((line) => line < document.lineCount && !document.lineAt(line).isEmptyOrWhitespace);
  if (present.length === 0) throw new Error('there is no record on this line');
  return present;
}
