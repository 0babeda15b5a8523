import fc from 'fast-check';
import { TextDocument, type TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import { describe, expect, it } from 'vitest';
import { applyChange, splitLines, type LineOf } from '../../src/server/lineText';

interface Line extends LineOf {
  readonly before: string | undefined;
}

const make = (text: string, before: Line | undefined): Line => ({ text, before: before?.text });
const fresh = (text: string): Line[] => splitLines(text).map((line) => make(line, undefined));
const at = (line: number, character: number) => ({ line, character });

describe('an edit of a document held as lines', () => {
  it('leaves the other lines the same objects', () => {
    const lines = fresh('a\nb\nc');
    const { lines: after, removed, added } = applyChange(lines, { range: { start: at(1, 0), end: at(1, 1) }, text: 'B' }, make);
    expect([after[0] === lines[0], after[2] === lines[2]]).toEqual([true, true]);
    expect({ removed, added }).toEqual({ removed: [lines[1]], added: [{ text: 'B', before: 'b' }] });
  });

  it('knows a line again when another one is deleted or put before it', () => {
    const lines = fresh('a\nb\nc');
    const deleted = applyChange(lines, { range: { start: at(0, 0), end: at(1, 0) }, text: '' }, make);
    expect(deleted.lines).toEqual([lines[1], lines[2]]);
    expect(deleted.removed).toEqual([lines[0]]);
    const inserted = applyChange(lines, { range: { start: at(1, 0), end: at(1, 0) }, text: 'new\n' }, make);
    expect(inserted.lines[2]).toBe(lines[1]);
    expect(inserted.added).toEqual([{ text: 'new', before: undefined }]);
  });

  it('takes a whole new text, and keeps the lines that both have', () => {
    const lines = fresh('a\nb\nb\nc');
    const { lines: after } = applyChange(lines, { text: 'b\nx\nb' }, make);
    expect(after.map(({ text }) => text)).toEqual(['b', 'x', 'b']);
    expect([after[0] === lines[1], after[2] === lines[2]]).toEqual([true, true]);
  });

  it('gives the text that TextDocument gives, whatever the edits', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '{', '\n'), maxLength: 30 });
    const edit = fc.record({ from: fc.tuple(fc.nat(8), fc.nat(8)), to: fc.tuple(fc.nat(8), fc.nat(8)), text });
    fc.assert(
      fc.property(text, fc.array(edit, { maxLength: 6 }), (start, edits) => {
        let document = TextDocument.create('file:///x', 'jsonl', 1, start);
        let lines: readonly Line[] = fresh(start);
        for (const { from, to, text: inserted } of edits) {
          // Editors send positions inside the document.
          const [a, b] = [from, to].map(([line, character]) => document.positionAt(document.offsetAt(at(line, character))));
          if (!a || !b || document.offsetAt(a) > document.offsetAt(b)) continue;
          const change: TextDocumentContentChangeEvent = { range: { start: a, end: b }, text: inserted };
          document = TextDocument.update(document, [change], document.version + 1);
          lines = applyChange(lines, change, make).lines;
          expect(lines.map((line) => line.text).join('\n')).toBe(document.getText());
        }
      }),
    );
  });

  it.each([
    ['LF', 'a\nb\n', ['a', 'b', '']],
    ['CRLF', 'a\r\nb', ['a', 'b']],
    ['CR', 'a\rb', ['a', 'b']],
    ['U+2028 is no line end', 'a\u2028b', ['a\u2028b']],
  ])('splits at %s', (_, text, lines) => {
    expect(splitLines(text)).toEqual(lines);
  });
});
