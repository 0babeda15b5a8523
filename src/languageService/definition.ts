import type { LocationLink, Position, Range } from 'vscode-languageserver-types';
import type { DatasetView } from './datasetView';
import { growingSpans } from './selectionRanges';

/**
 * Where the record on a line occurs first: the first line of the same record, or else, for a response that is new, of the same
 * prompt. A first occurrence that has others answers itself, upon which editors offer the references. Undefined where the
 * record stands alone.
 */
export function definition(view: DatasetView, position: Position): LocationLink | undefined {
  const { line } = position;
  const records = view.sameRecord(line);
  const prompts = view.samePrompt(line);
  if (records.length < 2 && prompts.length < 2) return undefined;
  const first = [records[0], prompts[0]].find((candidate) => candidate !== undefined && candidate < line) ?? line;
  const origin = shortSpan(view, position);
  const targetRange = { start: { line: first, character: 0 }, end: { line: first, character: view.lineText(first).length } };
  // Editors compare the place they came from with the target's selection.
  const targetSelectionRange = first === line ? origin : { start: targetRange.start, end: targetRange.start };
  return { originSelectionRange: origin, targetUri: view.uri, targetRange, targetSelectionRange };
}

/** What is underlined: the word under the pointer, never a whole text. */
function shortSpan(view: DatasetView, { line, character }: Position): Range {
  const text = view.lineText(line);
  const at = Math.min(character, text.length);
  const word = growingSpans(text, at)[0];
  const { start, end } = word && word.end - word.start <= longestUnderline ? word : { start: at, end: at };
  return { start: { line, character: start }, end: { line, character: end } };
}

const longestUnderline = 80;
