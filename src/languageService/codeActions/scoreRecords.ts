import type { CodeAction } from 'vscode-languageserver-types';
import type { DatasetView } from '../datasetView';
import { commandAction, whyNotAnswered, type SelectedRecords } from './selectedRecords';

/** Scores the selected records. */
export function scoreRecords(view: DatasetView, selected: SelectedRecords): CodeAction[] {
  return commandAction(view, {
    title: `Score ${selected.words}`,
    kind: 'refactor.score',
    command: 'score',
    lines: selected.answered,
    disabled: whyNotAnswered(selected),
  });
}
