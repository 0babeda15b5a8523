import type { CodeAction } from 'vscode-languageserver-types';
import type { DatasetView } from '../datasetView';
import { commandAction, type SelectedRecords } from './selectedRecords';

/** Lists what is the same as, or nearly the same as, one record. */
export function findNearDuplicates(view: DatasetView, { lines, records }: SelectedRecords): CodeAction[] {
  if (lines.length !== 1) return [];
  return commandAction(view, {
    title: 'Find near-duplicates of this record',
    kind: 'refactor.findNearDuplicates',
    command: 'findNearDuplicates',
    lines: records,
    disabled: records.length === 0 ? 'The line is not a record.' : undefined,
  });
}
