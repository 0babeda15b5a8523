import type { TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';
import type { DatasetView } from '../datasetView';

/** Neighbouring lines, both ends included. */
export interface LineRun {
  readonly first: number;
  readonly last: number;
}

/** Deletes lines with their line ends. `lines` ascending. */
export function deleteLines(view: DatasetView, lines: readonly number[]): WorkspaceEdit {
  const runs: { first: number; last: number }[] = [];
  for (const line of lines) {
    const run = runs.at(-1);
    if (run?.last === line - 1) run.last = line;
    else runs.push({ first: line, last: line });
  }
  return deleteRuns(view, runs);
}

/** Deletes runs of lines with their line ends; the last line of a file takes the line end before it along. */
export function deleteRuns(view: DatasetView, runs: readonly LineRun[]): WorkspaceEdit {
  const edits = runs.map((run) => deleteRun(view, run));
  return { documentChanges: [{ textDocument: { uri: view.uri, version: view.version }, edits }] };
}

function deleteRun(view: DatasetView, { first, last }: LineRun): TextEdit {
  const end = { line: last, character: view.lineText(last).length };
  if (last + 1 < view.lineCount) return { range: { start: { line: first, character: 0 }, end: { line: last + 1, character: 0 } }, newText: '' };
  if (first === 0) return { range: { start: { line: 0, character: 0 }, end }, newText: '' };
  return { range: { start: { line: first - 1, character: view.lineText(first - 1).length }, end }, newText: '' };
}
