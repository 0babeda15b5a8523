import type { Position, Range } from 'vscode-languageserver';
import { TextDocument, type TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import { fragment, line, lines } from './hostileText';
import type { Random } from './random';

/** Documents stay about this small, so that many edits meet in one place. */
const manyLines = 200;
const longText = 150_000;

/** The changes of one `didChange`, each on the text that the one before it made. */
export function changes(random: Random, document: TextDocument, end: string): TextDocumentContentChangeEvent[] {
  const made: TextDocumentContentChangeEvent[] = [];
  let after = TextDocument.create('', '', 0, document.getText());
  for (let count = random.below(5) === 0 ? 2 + random.below(6) : 1; count > 0; count--) {
    const change = oneChange(random, after, end);
    made.push(change);
    after = TextDocument.update(after, [change], 0);
  }
  return made;
}

/** The change that takes `change` back. */
export function inverse(before: TextDocument, change: TextDocumentContentChangeEvent): TextDocumentContentChangeEvent {
  if (!('range' in change)) return { text: before.getText() };
  const start = before.offsetAt(change.range.start);
  const end = before.offsetAt(change.range.end);
  const from = Math.min(start, end);
  const after = TextDocument.update(TextDocument.create('', '', 0, before.getText()), [change], 0);
  return { range: { start: after.positionAt(from), end: after.positionAt(from + change.text.length) }, text: before.getText().slice(from, Math.max(start, end)) };
}

function oneChange(random: Random, document: TextDocument, end: string): TextDocumentContentChangeEvent {
  if (document.lineCount > manyLines || document.getText().length > longText) return shrink(random, document);
  const at = position(random, document);
  switch (random.below(12)) {
    case 0:
      return { range: { start: at, end: at }, text: end };
    case 1:
      return { range: { start: at, end: at }, text: lines(random, 1 + random.below(8), end) };
    case 2:
      return { range: wholeLine(at.line), text: line(random) + end };
    case 3:
      return { range: wholeLine(at.line), text: '' };
    case 4:
      // Joins two lines.
      return { range: { start: { line: at.line, character: 1_000_000 }, end: { line: at.line + 1, character: 0 } }, text: random.below(2) === 0 ? '' : ' ' };
    case 5:
      // Backwards, as some editors say it; or beyond the end.
      return { range: { start: position(random, document, 2), end: { line: at.line, character: 0 } }, text: fragment(random) };
    case 6:
      return { range: { start: { line: document.lineCount + random.below(3), character: 7 }, end: { line: document.lineCount + 5, character: 9 } }, text: end + line(random) };
    case 7:
      return random.below(12) === 0 ? { text: lines(random, random.below(60), end) } : duplicate(document, at.line, end);
    default: {
      const length = random.below(3) === 0 ? random.below(12) : 0;
      return { range: { start: at, end: { line: at.line, character: at.character + length } }, text: random.below(4) === 0 ? '' : fragment(random) };
    }
  }
}

function shrink(random: Random, document: TextDocument): TextDocumentContentChangeEvent {
  const first = random.below(document.lineCount);
  return { range: { start: { line: first, character: 0 }, end: { line: first + 20 + random.below(document.lineCount), character: 0 } }, text: '' };
}

function duplicate(document: TextDocument, line: number, end: string): TextDocumentContentChangeEvent {
  const text = document.getText(wholeLine(line));
  return { range: { start: { line, character: 0 }, end: { line, character: 0 } }, text: text.replace(/\r?\n$/, '') + end };
}

function wholeLine(line: number): Range {
  return { start: { line, character: 0 }, end: { line: line + 1, character: 0 } };
}

/** Anywhere, in the middle of a surrogate pair too, and now and then beyond the line. */
function position(random: Random, document: TextDocument, beyond = 0): Position {
  const line = random.below(document.lineCount);
  const length = document.getText(wholeLine(line)).length;
  return { line, character: random.below(Math.max(1, length) + beyond) };
}
