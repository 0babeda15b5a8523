import type { DataRecord } from '../core/record/conversation';
import type { ParsedLine } from '../core/record/parseRecord';
import type { LineProblem, LineSummary } from '../languageService/datasetView';

/** A line of an open dataset with what is kept about it. Lives as long as its text stays the same. */
export class DatasetLine {
  readonly text: string;
  /** Key of the last scored exchange that stood here before an edit. */
  readonly previousKey: string | undefined;
  /** Undefined until the line has been read. */
  summary: LineSummary | undefined;
  /** The engine has been asked for this line's length and stored scores. */
  asked = false;
  findings: readonly LineProblem[] = [];
  /** No longer in the file; a run that began before may still pass through it. */
  removed = false;

  constructor(text: string, previousKey?: string) {
    this.text = ownText(text);
    this.previousKey = previousKey;
  }

  /** Key of the exchange that badges show. */
  get exchangeKey(): string | undefined {
    return this.summary?.status === 'ok' ? this.summary.exchangeKey : undefined;
  }
}

/** A slice keeps the whole text it was cut from alive, at two bytes a character where one character of the file needs them. */
function ownText(text: string): string {
  const encoding = beyondLatin1.test(text) ? 'utf16le' : 'latin1';
  return Buffer.from(text, encoding).toString(encoding);
}

const beyondLatin1 = /[\u0100-\uFFFF]/;

export function summarizeLine(text: string, parsed: ParsedLine): LineSummary {
  if (parsed.status !== 'ok') return parsed;
  const { record } = parsed;
  return {
    status: 'ok',
    shape: record.shape,
    key: record.key,
    promptKey: record.promptKey,
    exchangeKey: record.exchanges[0]?.key,
    title: titleOf(record),
    problems: record.problems,
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
