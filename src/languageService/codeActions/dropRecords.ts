import type { CodeAction } from 'vscode-languageserver-types';
import type { DatasetView } from '../datasetView';
import { deleteLines } from './deleteLines';
import type { SelectedRecords } from './selectedRecords';

/** Deletes the selected lines, broken ones included. */
export function dropRecords(view: DatasetView, { lines, words }: SelectedRecords): CodeAction[] {
  return [{ title: `Drop ${words}`, kind: 'refactor.drop', edit: deleteLines(view, lines) }];
}
