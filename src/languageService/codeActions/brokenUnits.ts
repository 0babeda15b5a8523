import type { TextEdit } from 'vscode-languageserver-types';
import type { TextChange } from '../../core/record/json/textChanges';
import { arrayFile, brokenRuns } from '../brokenLines';
import type { DatasetView } from '../datasetView';

/** What is repaired as one: a broken line, the lines of one record, or those of a file that is an array. Lines 0-based, both included. */
export interface BrokenUnit {
  readonly from: number;
  readonly to: number;
  readonly cause: string | undefined;
}

/** Everything broken in the lines read so far, in the order of the file. */
export function brokenUnits(view: DatasetView): BrokenUnit[] {
  const array = arrayFile(view);
  if (array) return [array];
  const runs = brokenRuns(view);
  const units: BrokenUnit[] = [];
  let next = 0;
  for (let line = 0; line < view.lineCount; line++) {
    const run = runs[next];
    if (run?.from === line) {
      units.push(run);
      next += 1;
      line = run.to;
      continue;
    }
    const summary = view.summary(line);
    if (summary?.status !== 'invalid') continue;
    if (summary.rule === 'broken-json') units.push({ from: line, to: line, cause: summary.cause });
    else if (summary.rule === 'not-an-object' && isArrayOfObjects(view.lineText(line))) units.push({ from: line, to: line, cause: 'array' });
  }
  return units;
}

function isArrayOfObjects(text: string): boolean {
  return /^[\s\ufeff]*\[\s*\{/.test(text.slice(0, 1000));
}

/** The unit's text; its lines are parted by `\n` whatever the file's line ends are. */
export function textOf(view: DatasetView, { from, to }: BrokenUnit): string {
  const lines: string[] = [];
  for (let line = from; line <= to; line++) lines.push(view.lineText(line));
  return lines.join('\n');
}

/** Changes of a unit's text, which `textOf` has given, as edits of the file. */
export function editsOf({ from }: BrokenUnit, text: string, changes: readonly TextChange[]): TextEdit[] {
  let line = from;
  let start = 0;
  let end = endOfLine(text, 0);
  const place = (offset: number) => {
    for (; offset > end; end = endOfLine(text, start)) {
      start = end + 1;
      line += 1;
    }
    return { line, character: offset - start };
  };
  return changes.map((change) => ({ range: { start: place(change.start), end: place(change.end) }, newText: change.text }));
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/** Applying many edits one by one takes an editor and a server long. */
const mostEdits = 1000;

/** Edits, ascending and apart; too many of them become one, which says the same. */
export function fewEdits(view: DatasetView, edits: TextEdit[]): TextEdit[] {
  const [first, last] = [edits[0], edits.at(-1)];
  if (edits.length <= mostEdits || !first || !last) return edits;
  const parts: string[] = [];
  let { line, character } = first.range.start;
  // Asked for once a line: a line can be long.
  let text = view.lineText(line);
  for (const { range, newText } of edits) {
    for (; line < range.start.line; text = view.lineText(line)) {
      parts.push(text.slice(character), '\n');
      line += 1;
      character = 0;
    }
    parts.push(text.slice(character, range.start.character), newText);
    if (range.end.line !== line) text = view.lineText(range.end.line);
    ({ line, character } = range.end);
  }
  return [{ range: { start: first.range.start, end: last.range.end }, newText: parts.join('') }];
}
