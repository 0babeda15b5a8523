import type { TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';
import type { DatasetView } from '../datasetView';

/** Deletes lines with their line ends; the last line of a file takes the line end before it along. `lines` ascending. */
export function deleteLines(view: DatasetView, lines: readonly number[]): WorkspaceEdit {
  const edits = runs(lines).map(({ first, last }) => deleteRun(view, first, last));
  return { documentChanges: [{ textDocument: { uri: view.uri, version: view.version }, edits }] };
}

function deleteRun(view: DatasetView, first: number, last: number): TextEdit {
  const end = { line: last, character: view.lineText(last).length };
  if (last + 1 < view.lineCount) return { range: { start: { line: first, character: 0 }, end: { line: last + 1, character: 0 } }, newText: '' };
  if (first === 0) return { range: { start: { line: 0, character: 0 }, end }, newText: '' };
  return { range: { start: { line: first - 1, character: view.lineText(first - 1).length }, end }, newText: '' };
}

function runs(lines: readonly number[]): { first: number; last: number }[] {
  const found: { first: number; last: number }[] = [];
  for (const line of lines) {
    const run = found.at(-1);
    if (run?.last === line - 1) run.last = line;
    else found.push({ first: line, last: line });
  }
  return found;
}
