import type { CodeAction } from 'vscode-languageserver-types';
import type { DatasetView } from '../datasetView';
import { deleteLines } from './deleteLines';
import type { SelectedRecords } from './selectedRecords';

/** Deletes every line but the selected ones; empty lines stay where they are. */
export function keepOnly(view: DatasetView, { lines, words }: SelectedRecords): CodeAction[] {
  const action = { title: `Keep only ${words}`, kind: 'refactor.keepOnly' };
  const kept = new Set(lines);
  const others: number[] = [];
  for (let line = 0; line < view.lineCount; line++) {
    if (!kept.has(line) && !isEmpty(view, line)) others.push(line);
  }
  if (others.length === 0) return [{ ...action, disabled: { reason: 'There are no other records in this file.' } }];
  return [{ ...action, edit: deleteLines(view, others) }];
}

function isEmpty(view: DatasetView, line: number): boolean {
  const summary = view.summary(line);
  return summary === undefined ? view.lineText(line).trim() === '' : summary.status === 'empty';
}
