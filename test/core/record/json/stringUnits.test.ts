import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readUnits } from '../../../../src/core/record/json/stringUnits';

function read(literal: string): [text: string, offsets: number[]] {
  const { units, offsets } = readUnits(literal, 0, literal.length);
  return [String.fromCharCode(...units), [...offsets]];
}

describe('the units of a literal', () => {
  it('of any valid string are those that JSON reads', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text).slice(1, -1)), fc.constantFrom('\\/', '\\u00E9', '\\ud83d', '\\\\', '\\"', 'x'))), (parts) => {
        const literal = `"${parts.join('')}"`;
        const [text, offsets] = read(literal);
        expect(text).toBe(JSON.parse(literal));
        expect(offsets).toHaveLength(text.length + 1);
        expect(offsets.at(-1)).toBe(literal.length - 1);
        for (const [unit, start] of offsets.slice(0, -1).entries()) expect(JSON.parse(`"${literal.slice(start, offsets[unit + 1])}"`)).toBe(text[unit]);
      }),
    );
  });

  it.each([
    ['never closed', '"ab', 'ab', [1, 2, 3]],
    ['cut in an escape', '"a\\', 'a\\', [1, 2, 3]],
    ['four digits that are three', String.raw`"\u12g"`, String.raw`\u12g`, [1, 2, 3, 4, 5, 6]],
    ['an escape that does not exist', String.raw`"\U\n"`, '\\U\n', [1, 2, 3, 5]],
  ])('of a broken one: %s', (_, literal, text, offsets) => {
    expect(read(literal)).toEqual([text, offsets]);
  });
});
