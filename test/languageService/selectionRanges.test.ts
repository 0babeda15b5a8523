import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growingSpans, selectionRange } from '../../src/languageService/selectionRanges';
import { exampleDataset } from './support/exampleDataset';

/** What a selection grows to when the pointer stands at `¦`. */
function grown(marked: string): string[] {
  const at = marked.indexOf('¦');
  const text = marked.replace('¦', '');
  return growingSpans(text, at).map(({ start, end }) => text.slice(start, end));
}

describe('a selection grows', () => {
  it('from word to sentence, line, text, field, record and line', () => {
    const field = String.raw`"output": "Blue. It sca¦tters.\nAnd more."`;
    const plain = field.replace('¦', '');
    expect(grown(` {"instruction": "Why?", ${field}}  `)).toEqual([
      'scatters',
      'It scatters.',
      'Blue. It scatters.',
      String.raw`Blue. It scatters.\nAnd more.`,
      plain,
      `{"instruction": "Why?", ${plain}}`,
      ` {"instruction": "Why?", ${plain}}  `,
    ]);
  });

  it.each([
    ['through lists of turns', '{"messages":[{"role":"user","content":"Hi¦"}]}', ['Hi', '"content":"Hi"', '{"role":"user","content":"Hi"}', '[{"role":"user","content":"Hi"}]', '"messages":[{"role":"user","content":"Hi"}]', '{"messages":[{"role":"user","content":"Hi"}]}']],
    ['from an element of a list', '{"responses":["a¦ b","c"]}', ['a', 'a b', '"a b"', '["a b","c"]', '"responses":["a b","c"]', '{"responses":["a b","c"]}']],
    ['from a key', '{"in¦put": 1}', ['input', '"input": 1', '{"input": 1}']],
    ['from a number', '{"a": 1, "b": 4¦2.5 }', ['"b": 42.5', '{"a": 1, "b": 42.5 }']],
    ['from a number in a list', '[1, 4¦2.5 ]', ['42.5', '[1, 42.5 ]']],
    ['between fields', '{"a": 1, ¦ "b": 2}', ['{"a": 1,  "b": 2}']],
    ['in an empty text', '{"a": "¦"}', ['"a": ""', '{"a": ""}']],
    ['on an empty line', '¦', []],
    ['on a line of prose', 'not ¦json', ['not json']],
  ])('%s', (_, marked, expected) => {
    expect(grown(marked)).toEqual(expected);
  });

  it.each([
    ['an escape is one letter', String.raw`{"a": "un caf\u0¦0e9 noir"}`, String.raw`caf\u00e9`],
    ['a line ends at its escape', String.raw`{"a": "one\ntw¦o\nthree"}`, 'two'],
    ['an emoji is one', '{"a": "so 👩‍👩‍👧¦ nice"}', '👩‍👩‍👧'],
    ['an escaped emoji is one', String.raw`{"a": "so \ud83d¦\ude00 nice"}`, String.raw`\ud83d\ude00`],
    ['an apostrophe stays in its word', `{"a": "I don¦'t know"}`, "don't"],
    ['scripts without spaces have words', '{"a": "我喜欢北¦京"}', '北京'],
    ['a quotation mark that is escaped ends nothing', String.raw`{"a": "say \"he¦llo\" twice"}`, 'hello'],
    ['an escape that does not exist', String.raw`{"a": "C:\Us¦ers"}`, 'Users'],
  ])('%s', (_, marked, word) => {
    expect(grown(marked)[0]).toBe(word);
  });

  it.each([
    ['a text that is never closed', '{"a": "one tw¦o', ['two', 'one two', '"a": "one two', '{"a": "one two']],
    ['single quotes', "{'a': 'on¦e'}", ["'a': 'one'", "{'a': 'one'}"]],
    ['two objects on one line', '{"a": 1} {"b": ¦2}', ['"b": 2', '{"b": 2}', '{"a": 1} {"b": 2}']],
    ['brackets that do not match', '{"a": [1, "tw¦o"}]', ['two', '"two"', '[1, "two"}', '"a": [1, "two"}', '{"a": [1, "two"}]']],
  ])('works on broken lines: %s', (_, marked, expected) => {
    expect(grown(marked)).toEqual(expected);
  });

  it('by ranges that each hold the one before, whatever the text', () => {
    const jsonish = fc.array(fc.constantFrom('{', '}', '[', ']', '"', ':', ',', ' ', '\\', '\\n', '\\ud83d', '\\ude00', '😀', 'é', 'a b', '1'), { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(jsonish, fc.json(), fc.string({ unit: 'binary' })), fc.nat({ max: 60 }), (text, place) => {
        const at = Math.min(place, text.length);
        const spans = growingSpans(text, at);
        for (const [index, { start, end }] of spans.entries()) {
          expect(start <= at && at <= end).toBe(true);
          const outer = spans[index + 1];
          if (outer) expect(outer.start <= start && outer.end >= end && outer.end - outer.start > end - start).toBe(true);
        }
        if (text !== '') expect(spans.at(-1)).toEqual({ start: 0, end: text.length });
      }),
    );
  });

  it('to texts that JSON can read when the record is whole', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.nat(), (value, place) => {
        const literal = JSON.stringify(value);
        const text = `{"a": ${literal}}`;
        const at = 7 + (place % (literal.length - 1));
        const spans = growingSpans(text, at).map(({ start, end }) => text.slice(start, end));
        expect(spans).toContain(literal.slice(1, -1));
        for (const part of spans.slice(0, spans.indexOf(literal.slice(1, -1)) + 1)) expect(value.includes(String(JSON.parse(`"${part}"`)))).toBe(true);
      }),
    );
  });

  it('hands the chain out as editors want it', () => {
    const dataset = exampleDataset('{"a": 1}\n{"instruction": "Hi", "output": ""}');
    const range = selectionRange(dataset, { line: 1, character: 18 });
    expect(range.range).toEqual({ start: { line: 1, character: 17 }, end: { line: 1, character: 19 } });
    expect(range.parent?.range).toEqual({ start: { line: 1, character: 1 }, end: { line: 1, character: 20 } });
    expect(selectionRange(dataset, { line: 9, character: 4 })).toEqual({ range: { start: { line: 9, character: 0 }, end: { line: 9, character: 0 } } });
  });
});
