import type { CodeAction } from 'vscode-languageserver-types';
import type { DatasetView } from '../datasetView';
import { dropRecords } from './dropRecords';
import { findNearDuplicates } from './findNearDuplicates';
import { keepOnly } from './keepOnly';
import { refineRecords } from './refineRecords';
import { regenerateRecords } from './regenerateRecords';
import { scoreRecords } from './scoreRecords';
import { selectRecords, type SelectedRecords } from './selectedRecords';

type Provide = (view: DatasetView, selected: SelectedRecords) => readonly CodeAction[];

/** In the order of the menu. */
const providers: readonly Provide[] = [scoreRecords, regenerateRecords, refineRecords, dropRecords, keepOnly, findNearDuplicates];

/**
 * What can be done with the records on the lines `[from, to]`; an action that cannot act says why.
 * Actions that work for a while are commands of the editor, the others edits that are ready.
 */
export function codeActions(view: DatasetView, from: number, to: number): CodeAction[] {
  const selected = selectRecords(view, from, to);
  if (selected.lines.length === 0) return [];
  const actions = providers.flatMap((provide) => provide(view, selected));
  return view.page ? actions.filter(leavesFileAlone) : actions;
}

/** A page of a big file cannot be edited. */
function leavesFileAlone({ kind = '', edit }: CodeAction): boolean {
  return edit === undefined && !/^(?:quickfix|refactor\.(?:drop|keepOnly|rewrite))/u.test(kind);
}
