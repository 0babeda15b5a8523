import type { CodeAction } from 'vscode-languageserver-types';
import type { DatasetView, RecordCommands } from '../datasetView';
import { recordCommand } from '../recordCommand';

/** The lines of a selection, sorted by what can be done with them. */
export interface SelectedRecords {
  /** All that are not empty, ascending. */
  readonly lines: readonly number[];
  /** Those with a record. */
  readonly records: readonly number[];
  /** Those with a record that holds a response. */
  readonly answered: readonly number[];
  /** `this record`, `these 12 records`. */
  readonly words: string;
}

export function selectRecords(view: DatasetView, from: number, to: number): SelectedRecords {
  const lines: number[] = [];
  const records: number[] = [];
  const answered: number[] = [];
  // Reading every line of a large selection would hold up the editor: what nobody has read yet counts as a record.
  const few = to - from < 1000;
  for (let line = from; line <= Math.min(to, view.lineCount - 1); line++) {
    const known = few ? stateOf(view, line) : summaryState(view, line);
    if (known === 'empty') continue;
    lines.push(line);
    if (known === 'invalid') continue;
    records.push(line);
    if (known === 'answered') answered.push(line);
  }
  return { lines, records, answered, words: lines.length === 1 ? 'this record' : `these ${lines.length} records` };
}

type LineState = 'empty' | 'invalid' | 'unanswered' | 'answered';

function stateOf(view: DatasetView, line: number): LineState {
  const parsed = view.parsed(line);
  if (parsed.status !== 'ok') return parsed.status;
  return parsed.record.exchanges.length > 0 ? 'answered' : 'unanswered';
}

function summaryState(view: DatasetView, line: number): LineState {
  const summary = view.summary(line);
  if (summary === undefined) return 'answered';
  if (summary.status !== 'ok') return summary.status;
  return summary.exchangeKey === undefined ? 'unanswered' : 'answered';
}

/** Why a command that needs responses cannot act on a selection; undefined when it can. */
export function whyNotAnswered({ lines, records, answered }: SelectedRecords): string | undefined {
  if (answered.length > 0) return undefined;
  if (records.length > 0) return lines.length === 1 ? 'The record has no response.' : 'None of these records has a response.';
  return lines.length === 1 ? 'The line is not a record.' : 'None of these lines is a record.';
}

/** An action that calls a command of the editor; left out in editors that do not have it. */
export function commandAction(view: DatasetView, call: { title: string; kind: string; command: keyof RecordCommands; lines: readonly number[]; teacher?: string; disabled: string | undefined }): CodeAction[] {
  const { title, kind, lines, teacher, disabled } = call;
  const command = recordCommand(view, call.command, title, { lines, teacher });
  if (command === undefined) return [];
  return [disabled === undefined ? { title, kind, command } : { title, kind, disabled: { reason: disabled } }];
}
