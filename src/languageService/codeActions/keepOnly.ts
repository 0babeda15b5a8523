import type { CodeAction } from 'vscode-languageserver-types';
import type { DatasetView } from '../datasetView';
import { deleteRuns, type LineRun } from './deleteLines';
import type { SelectedRecords } from './selectedRecords';

/** Deletes every line but the selected ones. */
export function keepOnly(view: DatasetView, { lines, words }: SelectedRecords): CodeAction[] {
  const action = { title: `Keep only ${words}`, kind: 'refactor.keepOnly' };
  const kept = new Set(lines);
  for (let line = 0; line < view.lineCount; line++) {
    if (!kept.has(line) && !isEmpty(view, line)) return [{ ...action, edit: deleteRuns(view, runsBetween(lines, lastLine(view))) }];
  }
  return [{ ...action, disabled: { reason: 'There are no other records in this file.' } }];
}

/** Everything but `lines`, which ascend, up to the line `last`. */
function runsBetween(lines: readonly number[], last: number): LineRun[] {
  const runs: LineRun[] = [];
  let next = 0;
  for (const line of [...lines, last + 1]) {
    if (line > next) runs.push({ first: next, last: line - 1 });
    next = line + 1;
  }
  return runs;
}

/** What follows the file's last line end is no line to delete. */
function lastLine(view: DatasetView): number {
  const last = view.lineCount - 1;
  return view.lineText(last) === '' ? last - 1 : last;
}

function isEmpty(view: DatasetView, line: number): boolean {
  const summary = view.summary(line);
  return summary === undefined ? view.lineText(line).trim() === '' : summary.status === 'empty';
}
