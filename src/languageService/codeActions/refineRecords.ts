import type { CodeAction } from 'vscode-languageserver-types';
import type { DatasetView } from '../datasetView';
import { commandAction, whyNotAnswered, type SelectedRecords } from './selectedRecords';

/** Asks a model to better the present responses ("Long Is More", introspection). */
export function refineRecords(view: DatasetView, selected: SelectedRecords): CodeAction[] {
  return commandAction(view, {
    title: `Refine ${selected.words}`,
    kind: 'refactor.rewrite.refine',
    command: 'refine',
    lines: selected.answered,
    disabled: whyNoModel(view) ?? whyNotAnswered(selected),
  });
}

function whyNoModel(view: DatasetView): string | undefined {
  const { teachers } = view.settings;
  if (teachers.length === 0) return 'No teacher is configured: add one to the setting cupel.teachers.';
  if (teachers.every(({ kind }) => kind === 'file')) return 'Refining needs a model, and all configured teachers are files.';
  return undefined;
}
