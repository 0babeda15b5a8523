import type { Position, TextDocumentContentChangeEvent } from 'vscode-languageserver';

/**
 * A document as its lines, each an object of `L` that lives as long as its text: an edit replaces the lines it touches
 * and costs nothing for the others, however long the file is.
 */
export interface LineOf {
  /** Without its line end. */
  readonly text: string;
}

/** Makes the line that takes the place of `before`, the edited line that stood there, if any. */
export type MakeLine<L extends LineOf> = (text: string, before: L | undefined) => L;

export interface LineChange<L> {
  readonly lines: readonly L[];
  readonly removed: readonly L[];
  readonly added: readonly L[];
}

/** LSP's line ends. */
export function splitLines(text: string): string[] {
  return text.includes('\r') ? text.split(/\r\n|\n|\r/) : text.split('\n');
}

/** Applies one change of `textDocument/didChange`. A line whose text is among the replaced ones is that same line. */
export function applyChange<L extends LineOf>(lines: readonly L[], change: TextDocumentContentChangeEvent, make: MakeLine<L>): LineChange<L> {
  const { start, end } = 'range' in change ? ordered(change.range.start, change.range.end) : { start: { line: 0, character: 0 }, end: { line: lines.length, character: 0 } };
  const first = Math.min(start.line, lines.length - 1);
  const last = Math.min(end.line, lines.length - 1);
  const head = (lines[first]?.text ?? '').slice(0, start.line > first ? undefined : start.character);
  const tail = end.line > last ? '' : (lines[last]?.text ?? '').slice(end.character);
  const replaced = lines.slice(first, last + 1);
  const kept = new Map<string, L[]>();
  for (const line of replaced.toReversed()) {
    const same = kept.get(line.text);
    if (same) same.push(line);
    else kept.set(line.text, [line]);
  }
  const texts = splitLines(head + change.text + tail);
  const reused = texts.map((text) => kept.get(text)?.pop());
  const surviving = new Set(reused);
  const placed = texts.map((text, index) => {
    const before = replaced[index];
    return reused[index] ?? make(text, before && !surviving.has(before) ? before : undefined);
  });
  return {
    lines: lines.slice(0, first).concat(placed, lines.slice(last + 1)),
    removed: replaced.filter((line) => !surviving.has(line)),
    added: placed.filter((_, index) => reused[index] === undefined),
  };
}

function ordered(a: Position, b: Position): { start: Position; end: Position } {
  return a.line < b.line || (a.line === b.line && a.character <= b.character) ? { start: a, end: b } : { start: b, end: a };
}
