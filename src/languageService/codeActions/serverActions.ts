import type { CodeAction } from 'vscode-languageserver-types';
import type { DatasetView } from '../datasetView';
import { selectRecords, whyNotAnswered } from './selectedRecords';

/** Ids of commands that the server carries out, called with `{ uri, lines }` and `{ uri }`. */
export interface ServerCommandIds {
  readonly scoreRecords: string;
  readonly scoreDataset: string;
}

/** What an editor without commands of Cupel's own can have done with the lines `[from, to]`: the server does it. */
export function serverActions(view: DatasetView, from: number, to: number, ids: ServerCommandIds): CodeAction[] {
  const selected = selectRecords(view, from, to);
  if (selected.lines.length === 0) return [];
  const kind = 'refactor.score';
  const records = `Score ${selected.words}`;
  const reason = whyNotAnswered(selected);
  const file = 'Score every record of the file';
  return [
    reason === undefined ? { title: records, kind, command: { title: records, command: ids.scoreRecords, arguments: [{ uri: view.uri, lines: selected.answered }] } } : { title: records, kind, disabled: { reason } },
    { title: file, kind, command: { title: file, command: ids.scoreDataset, arguments: [{ uri: view.uri }] } },
  ];
}
