import fc from 'fast-check';
import { TextDocument, type TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import { describe, expect, it } from 'vitest';
import { blockLength } from '../../src/server/lineBlock';
import { LineStore, type SlotKeeper } from '../../src/server/lineStore';

/** What is kept about a line: the text it had when it came, and the one that stood there before. */
interface Kept {
  readonly text: string;
  readonly before: string | undefined;
}

interface Document {
  readonly store: LineStore<Kept>;
  readonly removed: string[];
}

function open(text: string): Document {
  const removed: string[] = [];
  const keeper: SlotKeeper<Kept> = {
    leaving: () => undefined,
    placed: () => undefined,
    removed: (slot, gone) => removed.push(slot?.text ?? gone),
    made: (made, before) => ({ text: made, before: before?.text }),
  };
  const store = new LineStore<Kept>(text, keeper);
  for (let line = 0; line < store.lineCount; line++) {
    const place = store.place(line);
    if (place) place.block.slots[place.index] = { text: store.text(line), before: undefined };
  }
  return { store, removed };
}

const at = (line: number, character: number) => ({ line, character });
const slotOf = ({ store }: Document, line: number) => {
  const place = store.place(line);
  return place?.block.slots[place.index];
};
const slots = (document: Document) => Array.from({ length: document.store.lineCount }, (_, line) => slotOf(document, line));
const lines = ({ store }: Document) => Array.from({ length: store.lineCount }, (_, line) => store.text(line));
const textOf = ({ store }: Document) => store.blocks.map((block) => block.raw(0, block.lineCount)).join('');

describe('an edit of a document held as blocks of lines', () => {
  it('leaves the other lines what is kept about them', () => {
    const document = open('a\nb\nc');
    const [a, , c] = slots(document);
    document.store.change({ range: { start: at(1, 0), end: at(1, 1) }, text: 'B' });
    expect([slotOf(document, 0) === a, slotOf(document, 2) === c]).toEqual([true, true]);
    expect(slotOf(document, 1)).toEqual({ text: 'B', before: 'b' });
    expect(document.removed).toEqual(['b']);
  });

  it('knows a line again when another one is deleted or put before it', () => {
    const document = open('a\nb\nc');
    const [, b, c] = slots(document);
    document.store.change({ range: { start: at(0, 0), end: at(1, 0) }, text: '' });
    expect(slots(document)).toEqual([b, c]);
    expect(document.removed).toEqual(['a']);
    document.store.change({ range: { start: at(0, 0), end: at(0, 0) }, text: 'new\n' });
    expect(slotOf(document, 0)).toEqual({ text: 'new', before: undefined });
    expect(slotOf(document, 1)).toBe(b);
  });

  it('takes a whole new text, and keeps the lines that both have', () => {
    const document = open('a\nb\nb\nc');
    const [, first, second] = slots(document);
    document.store.change({ text: 'b\nx\nb' });
    expect(lines(document)).toEqual(['b', 'x', 'b']);
    expect(slotOf(document, 0)).toBe(first);
    expect(slotOf(document, 2)).toBe(second);
  });

  it('copies the blocks that it touches and no other', () => {
    const document = open(`${'x'.repeat(99)}\n`.repeat(5000));
    const before = document.store.blocks;
    expect(before.length).toBeGreaterThan(10);
    document.store.change({ range: { start: at(2500, 3), end: at(2500, 4) }, text: 'yy' });
    const after = new Set(document.store.blocks);
    expect(before.filter((block) => !after.has(block))).toHaveLength(1);
    expect([document.store.lineCount, document.store.text(2500).length, document.store.text(4999).length]).toEqual([5001, 100, 99]);
  });

  it('does not leave ever more and smaller blocks behind', () => {
    const document = open(`${'x'.repeat(99)}\n`.repeat(5000));
    for (let line = 4990; line > 10; line--) document.store.change({ range: { start: at(line, 0), end: at(line + 1, 0) }, text: '' });
    expect(document.store.lineCount).toBe(21);
    expect(document.store.blocks.length).toBeLessThan(4);
  });

  it.each([
    ['LF', 'a\nb\n', ['a', 'b', '']],
    ['CRLF', 'a\r\nb', ['a', 'b']],
    ['CR', 'a\rb', ['a', 'b']],
    ['nothing', '', ['']],
    ['U+2028 is no line end', 'a\u2028b', ['a\u2028b']],
  ])('splits at %s', (_, text, expected) => {
    expect(lines(open(text))).toEqual(expected);
  });

  it('makes one line end of a carriage return and a line feed that come together', () => {
    const document = open('a\rb\nc');
    document.store.change({ range: { start: at(1, 0), end: at(1, 1) }, text: '' });
    expect(lines(document)).toEqual(['a', 'c']);
  });

  it('keeps half characters, which have no UTF-8', () => {
    const document = open('a\ud83d\n\ude00😀é\r\nb');
    expect(lines(document)).toEqual(['a\ud83d', '\ude00😀é', 'b']);
    document.store.change({ range: { start: at(0, 2), end: at(1, 0) }, text: '' });
    expect(lines(document)).toEqual(['a😀😀é', 'b']);
  });

  const short = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\ud83d', '{', '\n', '\r', '\r\n'), maxLength: 30 });
  const long = fc.array(fc.tuple(fc.constantFrom(0, 1, 90, 5000, blockLength), fc.constantFrom('\n', '\r\n', '\r')), { minLength: 1, maxLength: 60 }).map((parts) => parts.map(([length, end], index) => `${index}`.padEnd(length, 'xé') + end).join(''));

  it.each([
    ['short texts', short, 100],
    ['texts of many blocks', long, 25],
  ])('gives the text and the lines that a fresh document has, whatever the edits: %s', (_, text, numRuns) => {
    const edit = fc.record({ from: fc.nat(), to: fc.nat(), text: fc.oneof(short, { arbitrary: text, weight: 1 }) });
    fc.assert(
      fc.property(text, fc.array(edit, { maxLength: 8 }), (start, edits) => {
        let model = TextDocument.create('file:///x', 'jsonl', 1, start);
        const document = open(start);
        for (const { from, to, text: inserted } of edits) {
          const length = model.getText().length;
          // Editors send positions inside the document.
          const [a, b] = [from % (length + 1), to % (length + 1)].sort((x, y) => x - y).map((offset) => model.positionAt(offset));
          if (!a || !b) continue;
          const change: TextDocumentContentChangeEvent = { range: { start: a, end: b }, text: inserted };
          model = TextDocument.update(model, [change], model.version + 1);
          document.store.change(change);
          const fresh = open(model.getText());
          expect(textOf(document)).toBe(model.getText());
          expect(lines(document)).toEqual(lines(fresh));
          expect(lines(document)).toEqual(slots(document).map((slot) => slot?.text));
          expect(document.store.lineCount).toBe(model.lineCount);
        }
      }),
      { numRuns },
    );
  });
});
