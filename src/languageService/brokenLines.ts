import { firstFault } from '../core/record/json/fault';
import type { FaultCause } from '../core/record/json/faultCauses';
import { formatCount } from '../core/scores/format';
import type { DatasetView } from './datasetView';

/** Neighbouring lines with one fault in common, which is told once: what their lines say singly is a riddle. */
export interface BrokenRun {
  readonly rule: 'array-file' | 'broken-json';
  /** First and last line, both included. */
  readonly from: number;
  readonly to: number;
  readonly cause: RunCause;
  /** One sentence or two: the cause and the remedy. */
  readonly message: string;
}

/** `array`: the file is one JSON array. `line-break`: a text holds line breaks. `spread`: a record stands over several lines. */
export type RunCause = 'array' | 'line-break' | 'spread';

/** A record over more lines or characters than these is not put together. */
const longestRun = { lines: 1000, characters: 1_000_000 };
/** An array that is looked for behind more empty lines than these is not found: every answer would wait for it. */
const mostEmpty = 1000;
/** Characters that are looked through for one answer; lines beyond them are reported one by one. */
const budget = 8_000_000;
/** What a short line costs at least, in characters. */
const leastPerLine = 100;

/** What is wrong with several lines together, ascending and apart; see `BrokenRuns`. */
export function brokenRuns(view: DatasetView): readonly BrokenRun[] {
  const runs = new BrokenRuns(view);
  const found: BrokenRun[] = [];
  for (let line = 0; line < view.lineCount; line++) {
    const run = runs.at(line);
    if (!run) continue;
    found.push(run);
    line = run.to;
  }
  return found;
}

/**
 * Finds what is wrong with several lines together, the file as one JSON array or records that stand over several lines, by asking
 * line after line in their order. Looks at broken lines only, and at a bounded part of the text.
 */
export class BrokenRuns {
  readonly #view: DatasetView;
  readonly #array: BrokenRun | undefined;
  #last: BrokenRun | undefined;
  #left = budget;

  constructor(view: DatasetView) {
    this.#view = view;
    this.#array = arrayFile(view);
  }

  /** The run that a line is in; undefined when it is in none. Ask about no line before the one asked about last. */
  at(line: number): BrokenRun | undefined {
    if (this.#array) return line >= this.#array.from && line <= this.#array.to ? this.#array : undefined;
    if (this.#last && line <= this.#last.to) return this.#last;
    if (this.#left <= 0) return undefined;
    const summary = this.#view.summary(line);
    if (summary?.status !== 'invalid' || !isUnfinished(summary.cause)) return undefined;
    const { to, read } = endOfRecord(this.#view, line);
    this.#left -= read;
    if (to === undefined) return undefined;
    return (this.#last = summary.cause === 'cut-off-text' ? lineBreakRun(line, to) : spreadRun(line, to));
  }
}

/** The file as one JSON array of objects, on one line or over many, whole or cut off. */
export function arrayFile(view: DatasetView): BrokenRun | undefined {
  const from = nextFilled(view, 0);
  if (from === undefined) return undefined;
  const first = view.summary(from);
  if (first?.status !== 'invalid' || !opensArray(view, from)) return undefined;
  const to = lastFilled(view);
  if (to === undefined) return undefined;
  const alone = view.lineText(from).trim() === '[';
  if (!alone && !/\]\s*$/.test(view.lineText(to).slice(-1000))) return undefined;
  if (from !== to && !alone && (first.rule !== 'broken-json' || !isUnfinished(first.cause))) return undefined;
  return { rule: 'array-file', from, to, cause: 'array', message: 'The whole file is one JSON array, and a dataset in JSONL holds one record a line: write each element on a line of its own.' };
}

/**
 * The line on which a record ends that starts on the line `from` and is not finished there; undefined when the next lines
 * do not make it whole. `read` is the number of characters looked at.
 */
function endOfRecord(view: DatasetView, from: number): { readonly to: number | undefined; readonly read: number } {
  let text = view.lineText(from);
  let read = text.length;
  if (text.length > longestRun.characters || !/^[\s\ufeff]*\{/.test(text.slice(0, 1000))) return { to: undefined, read: 0 };
  let to = from;
  // Twice as many lines each time, so that the whole costs little more than its last look.
  for (let lines = 1; to - from < longestRun.lines; lines *= 2) {
    for (let added = 0; added < lines && to + 1 < view.lineCount; added++) {
      text += `\n${view.lineText(++to)}`;
      read += leastPerLine;
      if (text.length > longestRun.characters) return { to: undefined, read: read + text.length };
    }
    read += text.length;
    const fault = firstFault(text, { lineBreaks: true });
    if (fault && isUnfinished(fault.cause) && to + 1 < view.lineCount) continue;
    if (fault === undefined) return { to: from + lastFilledIn(text), read };
    const whole = fault.cause === 'concatenated' ? text.slice(0, fault.span.start) : undefined;
    const endsWithLine = whole !== undefined && /\n[^\S\n]*$/.test(whole);
    return { to: endsWithLine ? from + lastFilledIn(whole) : undefined, read };
  }
  return { to: undefined, read };
}

function isUnfinished(cause: FaultCause | undefined): boolean {
  return cause === 'cut-off' || cause === 'cut-off-text';
}

/** The number of line breaks before the last character that is no white space. */
function lastFilledIn(text: string): number {
  return text.trimEnd().split('\n').length - 1;
}

function lineBreakRun(from: number, to: number): BrokenRun {
  return { rule: 'broken-json', from, to, cause: 'line-break', message: `A text of this record holds line breaks, so that the record stands on ${linesOf(from, to)}: write them as \\n.` };
}

function spreadRun(from: number, to: number): BrokenRun {
  return { rule: 'broken-json', from, to, cause: 'spread', message: `This record stands on ${linesOf(from, to)}: in JSONL a record stands on one line.` };
}

function linesOf(from: number, to: number): string {
  return `lines ${formatCount(from + 1)} to ${formatCount(to + 1)}`;
}

/** The text from a line on begins with `[` and then `{`. */
function opensArray(view: DatasetView, from: number): boolean {
  const rest = /^[\s\ufeff]*\[\s*(.?)/.exec(view.lineText(from).slice(0, 1000));
  if (!rest) return false;
  if (rest[1] !== '') return rest[1] === '{';
  const next = nextFilled(view, from + 1);
  return next !== undefined && view.lineText(next).trimStart().startsWith('{');
}

function nextFilled(view: DatasetView, from: number): number | undefined {
  for (let line = from; line < Math.min(view.lineCount, from + mostEmpty); line++) if (isFilled(view, line)) return line;
  return undefined;
}

function lastFilled(view: DatasetView): number | undefined {
  for (let line = view.lineCount - 1; line >= Math.max(0, view.lineCount - mostEmpty); line--) if (isFilled(view, line)) return line;
  return undefined;
}

function isFilled(view: DatasetView, line: number): boolean {
  return /[^\s\ufeff]/.test(view.lineText(line));
}
