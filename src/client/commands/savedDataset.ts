import { Uri, window, type TextDocument } from 'vscode';
import { fileOf } from '../../protocol/pageUri';

/**
 * True when the dataset's file holds what the editor shows: commands that write another file read the saved one.
 * Offers to save; false when the person decides against it.
 */
export async function isSaved(document: TextDocument): Promise<boolean> {
  if (document.isUntitled) throw new Error('save the dataset as a file first');
  if (!document.isDirty) return true;
  const save = 'Save and Continue';
  const answer = await window.showWarningMessage('The dataset has unsaved changes. This command reads the saved file.', { modal: true }, save);
  return answer === save && document.save();
}

/** Asks where to write; the suggestion stands beside the dataset: `data.jsonl` becomes `data.longest.jsonl`. */
export async function chooseOutput(dataset: Uri, title: string, suffix: string): Promise<string | undefined> {
  const file = Uri.parse(fileOf(dataset.toString()), true);
  const suggestion = file.with({ path: `${file.path.replace(/\.(jsonl|ndjson)$/, '')}.${suffix}.jsonl` });
  const out = await window.showSaveDialog({ title, saveLabel: 'Write', defaultUri: suggestion, filters: { JSONL: ['jsonl'] } });
  return out?.fsPath;
}
