import type { CodeAction } from 'vscode-languageserver-types';
import type { DatasetView } from '../datasetView';
import { commandAction, whyNotAnswered, type SelectedRecords } from './selectedRecords';

/** Asks a teacher for new responses: one action a configured teacher, or one that lets the person choose while none is. */
export function regenerateRecords(view: DatasetView, selected: SelectedRecords): CodeAction[] {
  const { teachers } = view.settings;
  const common = { kind: 'refactor.rewrite.regenerate', command: 'regenerate', lines: selected.answered } as const;
  if (teachers.length === 0) return commandAction(view, { ...common, title: `Regenerate ${selected.words} with a teacher…`, disabled: whyNotAnswered(selected) });
  return teachers.flatMap(({ id }) =>
    commandAction(view, { ...common, title: `Regenerate ${selected.words} with ${id}`, teacher: id, disabled: whyNotAnswered(selected) }),
  );
}
