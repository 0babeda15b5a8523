import type { DataRecord } from '../core/record/conversation';
import type { ParsedLine } from '../core/record/parseRecord';
import type { LineProblem, LineSummary, RecordSummary } from '../languageService/datasetView';
import type { LineBlock } from './lineBlock';

/** What is kept about a line that holds a record, or was edited, or was found at fault. Lives as long as its text stays the same. */
export class DatasetLine {
  /** Where it stands; undefined once it is no longer in the file. */
  block: LineBlock<Slot> | undefined;
  /** Key of the last scored exchange that stood here before an edit. */
  previousKey: string | undefined;
  /** Undefined until the line has been read. */
  summary: LineSummary | undefined;
  /** The engine has been asked for this line's length and stored scores. */
  asked = false;
  findings: readonly LineProblem[] = noProblems;
}

/** Of a line that holds no record, and of which nothing else is known, the summary is all that is kept: many lines share one. */
export type Slot = DatasetLine | Exclude<LineSummary, RecordSummary>;

export const noProblems: readonly LineProblem[] = [];
const noRecordProblems: RecordSummary['problems'] = [];

export function summaryOf(slot: Slot | undefined): LineSummary | undefined {
  return slot instanceof DatasetLine ? slot.summary : slot;
}

/** Nobody has read the line. */
export function isUnread(slot: Slot | undefined): boolean {
  return summaryOf(slot) === undefined;
}

/** The line may hold a response that nobody has looked up or measured. */
export function isUnasked(slot: Slot | undefined): boolean {
  const summary = summaryOf(slot);
  if (summary === undefined) return true;
  return slot instanceof DatasetLine && !slot.asked && summary.status === 'ok' && summary.exchangeKey !== undefined;
}

/** A copy at one byte a character where one will do: a slice keeps the whole text it was cut from alive. */
export function ownText(text: string): string {
  const encoding = beyondLatin1.test(text) ? 'utf16le' : 'latin1';
  return Buffer.from(text, encoding).toString(encoding);
}

const beyondLatin1 = /[\u0100-\uFFFF]/;

export function summarizeLine(text: string, parsed: ParsedLine): LineSummary {
  if (parsed.status !== 'ok') return parsed;
  const { record } = parsed;
  const key = ownText(record.key);
  const exchange = record.exchanges[0]?.key;
  return {
    status: 'ok',
    shape: record.shape,
    key,
    promptKey: ownText(record.promptKey),
    exchangeKey: exchange === undefined || exchange === key ? exchange && key : ownText(exchange),
    title: titleOf(record),
    problems: record.problems.length === 0 ? noRecordProblems : record.problems,
    extraFields: record.extraFields,
    replaced: text.includes('\uFFFD'),
  };
}

/** The first words of what the user says, as a text of its own: a slice would keep the whole record alive. */
function titleOf({ prompt }: DataRecord): string {
  const text = prompt.find((turn) => turn.role === 'user' && turn.text.trim() !== '')?.text ?? '';
  const words = text.trimStart().slice(0, 120).trimEnd().split(/\s+/u);
  let count = 0;
  for (let length = 0; count < Math.min(words.length, 10); count++) {
    length += (words[count]?.length ?? 0) + 1;
    if (length > 70) break;
  }
  const title = count === 0 ? (words[0] ?? '').slice(0, 70) : words.slice(0, count).join(' ');
  return ownText(count === words.length ? title : `${title} …`);
}
