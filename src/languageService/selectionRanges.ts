import type { Position, SelectionRange } from 'vscode-languageserver-types';
import type { Span } from '../core/record/conversation';
import { enclosing } from '../core/record/json/enclosing';
import { readUnits, type StringUnits } from '../core/record/json/stringUnits';
import type { DatasetView } from './datasetView';

/** What a selection at `position` grows to: word, sentence, line of the text, text, field, object or array …, record, line. */
export function selectionRange(view: DatasetView, { line, character }: Position): SelectionRange {
  const text = view.lineText(line);
  const at = Math.min(character, text.length);
  const spans = growingSpans(text, at);
  let range: SelectionRange | undefined;
  for (const { start, end } of spans.toReversed()) {
    range = { range: { start: { line, character: start }, end: { line, character: end } }, ...(range && { parent: range }) };
  }
  return range ?? { range: { start: { line, character: at }, end: { line, character: at } } };
}

/** The spans around an offset of a record's line, broken or not, each larger than the one before; the last is the line. */
export function growingSpans(text: string, at: number): Span[] {
  const spans: Span[] = [];
  const grow = (next: Span) => {
    const inner = spans.at(-1);
    if (next.end <= next.start || next.start > at || next.end < at) return;
    if (!inner || (next.start <= inner.start && next.end >= inner.end && next.end - next.start > inner.end - inner.start)) spans.push(next);
  };
  for (const { kind, span } of enclosing(text, at)) {
    if (kind === 'string') insideString(readUnits(text, span.start, span.end), at).forEach(grow);
    else grow(span);
  }
  grow({ start: 0, end: text.length });
  return spans;
}

/** Word, sentence, line and whole content of a string; a character is never cut, escaped or not. */
function insideString({ units, offsets }: StringUnits, at: number): Span[] {
  const place = (from: number, to: number): Span => ({ start: offsets[from] ?? 0, end: offsets[to] ?? 0 });
  const unit = unitAt(offsets, at);
  const from = units.subarray(0, unit).lastIndexOf(newline) + 1;
  const next = units.indexOf(newline, unit);
  const to = next === -1 ? units.length : next;
  const spans: Span[] = [];
  const start = wholeCharacter(units, Math.max(from, unit - reach));
  const near = textOf(units, start, wholeCharacter(units, Math.min(to, unit + reach)));
  const word = wordAround(near, unit - start);
  if (word) spans.push(place(start + word.start, start + word.end));
  if (to - from <= longestLine) {
    const sentence = sentences.segment(textOf(units, from, to)).containing(Math.min(unit, to - 1) - from);
    if (sentence) spans.push(place(from + sentence.index, from + sentence.index + sentence.segment.trimEnd().length));
  }
  spans.push(place(from, to), place(0, units.length));
  return spans;
}

/** Words are looked for this far to both sides, in UTF-16 units: what is longer is no word. */
const reach = 200;
/** Sentences of longer lines are left out: finding them takes time and nobody selects one. */
const longestLine = 20_000;
const newline = 0x0a;
const words = new Intl.Segmenter('en', { granularity: 'word' });
const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

/** The word or emoji that holds or touches `at`; the one that begins there first. */
function wordAround(text: string, at: number): Span | undefined {
  const segments = words.segment(text);
  for (const unit of [at, at - 1]) {
    const segment = unit < 0 ? undefined : segments.containing(unit);
    if (segment && (segment.isWordLike === true || /\p{Extended_Pictographic}/u.test(segment.segment))) return { start: segment.index, end: segment.index + segment.segment.length };
  }
  return undefined;
}

/** The unit whose writing holds the offset. `offsets` ascend. */
function unitAt(offsets: Uint32Array, at: number): number {
  let [low, high] = [0, offsets.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((offsets[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The same unit, or the one before when it is the second half of a pair. */
function wholeCharacter(units: Uint16Array, unit: number): number {
  const [before, here] = [units[unit - 1] ?? 0, units[unit] ?? 0];
  return before >= 0xd800 && before < 0xdc00 && here >= 0xdc00 && here < 0xe000 ? unit - 1 : unit;
}

function textOf(units: Uint16Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at += 8192) text += String.fromCharCode(...units.subarray(at, Math.min(to, at + 8192)));
  return text;
}
