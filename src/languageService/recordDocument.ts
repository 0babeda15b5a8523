import type { DataRecord, JsonPath } from '../core/record/conversation';
import { otherFields } from '../core/record/recordDocument/otherFields';
import { recordSections, recordVersion } from '../core/record/recordDocument/sections';
import { writeRecordDocument } from '../core/record/recordDocument/write';
import { shapeTitle } from '../core/record/shapes/shapes';
import type { ScoreId } from '../core/scores/catalogue';
import { scoreDefinitions } from '../core/scores/definitions';
import { formatAmount, formatCount, formatNumber } from '../core/scores/format';
import type { DatasetView } from './datasetView';
import { plainLine } from './hostileText';
import { lineNumber } from './lineNumber';
import { scoreState } from './scoreState';

/** A record as text to read and edit. */
export interface RecordText {
  readonly text: string;
  /** Changes with every text of the record. */
  readonly version: string;
  readonly key: string;
}

const shownFields = { count: 30, characters: 300 } as const;

/** The record on a line as a Markdown document: what is no text of it in comments, then the conversation. Undefined where there is none. */
export function recordDocument(view: DatasetView, line: number): RecordText | undefined {
  const parsed = view.parsed(line);
  if (parsed.status !== 'ok') return undefined;
  const { record } = parsed;
  const sections = recordSections(record);
  const { fields, more } = otherFields(view.lineText(line), sections, shownFields.count);
  const about = [
    `Line ${lineNumber(view, line)} of ${plainLine(fileName(view.uri))} · ${shapeTitle(record.shape)}`,
    view.page ? 'Read only: this file is too large to be edited here.' : 'Edit the texts below; saving puts them into their line of the dataset. These comments are for reading.',
    ...scores(view, line, record),
    ...fields.map(({ path, json }) => `${pathText(path)}: ${cut(json)}`),
    ...(more > 0 ? [`… and ${formatAmount(more, 'more field')}`] : []),
  ];
  return { text: writeRecordDocument(sections, about), version: recordVersion(sections), key: record.key };
}

/** One line for what each scorer measured, one for each score that is undefined, one for what is not known yet. */
function scores(view: DatasetView, line: number, { exchanges }: DataRecord): string[] {
  if (exchanges.length === 0) return [];
  const known = view.scores(line);
  const ids: readonly ScoreId[] = [`length.${view.settings.badge.length}`, 'reward', `ifd.${view.settings.ifdDefinition}`, 'icIfd', 'car'];
  const measured = new Map<string, string[]>();
  const undefinedOnes: string[] = [];
  const missing: string[] = [];
  for (const id of ids) {
    const { title } = scoreDefinitions[id];
    const state = scoreState(view, known, id);
    if (state.kind === 'missing') missing.push(title);
    else if (state.kind === 'undefined') undefinedOnes.push(`${title} ∅: ${plainLine(state.reason)}`);
    else {
      const maker = plainLine(state.scorer ?? (id === 'length.tokens' ? view.settings.tokenizer : ''));
      const shown = `${title} ${state.stale ? '~' : ''}${state.estimate ? '≈' : ''}${formatNumber(state.value)}`;
      measured.set(maker, [...(measured.get(maker) ?? []), shown]);
    }
  }
  const lines = [...measured].map(([maker, shown]) => (maker === '' ? shown.join(' · ') : `${shown.join(' · ')}, by ${maker}`));
  if (missing.length > 0) lines.push(`Not scored yet: ${missing.join(', ')}`);
  return [...(exchanges.length > 1 ? [`Scores of the first of ${formatCount(exchanges.length)} responses:`] : []), ...lines, ...undefinedOnes];
}

function cut(json: string): string {
  if (json.length <= shownFields.characters) return plainLine(json);
  return `${plainLine(json.slice(0, shownFields.characters))} … ${formatCount(json.length - shownFields.characters)} more characters`;
}

function pathText(path: JsonPath): string {
  const written = path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`)).join('');
  return plainLine(written.length > 100 ? `${written.slice(0, 100)}…` : written);
}

function fileName(uri: string): string {
  const name = uri.slice(uri.lastIndexOf('/') + 1).replace(/[?#].*$/u, '');
  try {
    return decodeURIComponent(name);
  } catch {
    // A URI that somebody wrote by hand: its name as it stands.
    return name;
  }
}
