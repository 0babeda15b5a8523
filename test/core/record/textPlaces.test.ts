import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unitOffsets } from '../../../src/core/record/json/unitOffsets';
import { textPlaces } from '../../../src/core/record/textPlaces';

const hex = (unit: string) => unit.charCodeAt(0).toString(16).padStart(4, '0');
const short = new Map([['"', '\\"'], ['\\', '\\\\'], ['/', '\\/'], ['\b', '\\b'], ['\f', '\\f'], ['\n', '\\n'], ['\r', '\\r'], ['\t', '\\t']]);

/** One UTF-16 unit and a way to write it: raw where JSON allows that, with its short escape, or as four digits in either case. */
const writtenUnit = fc
  .tuple(
    fc.oneof(fc.string({ minLength: 1, maxLength: 1 }), fc.constantFrom(...short.keys(), '\u0000', '\u001f', '\u007f', 'u', 'é', '\u2028', '\ud83d', '\ude00', '\ud800', '漢')),
    fc.constantFrom('raw', 'short', 'lower', 'upper'),
  )
  .map(([unit, way]) => {
    const mustEscape = unit < ' ' || unit === '"' || unit === '\\';
    if (way === 'short' && short.has(unit)) return { unit, raw: short.get(unit) ?? '' };
    if (way === 'raw' && !mustEscape) return { unit, raw: unit };
    return { unit, raw: `\\u${way === 'upper' ? hex(unit).toUpperCase() : hex(unit)}` };
  });

const writtenText = fc.array(writtenUnit, { maxLength: 60 }).map((units) => ({ text: units.map(({ unit }) => unit).join(''), literal: `"${units.map(({ raw }) => raw).join('')}"` }));

describe('the units of a string in its literal', () => {
  it.each([
    ['""', [1]],
    ['"ab"', [1, 2, 3]],
    ['"a\\nb\\"c"', [1, 2, 4, 5, 7, 8]],
    ['"\\\\u0041"', [1, 3, 4, 5, 6, 7, 8]],
    ['"\\u00e9\\ud83d\\ude00x"', [1, 7, 13, 19, 20]],
    ['"\ud83d\ude00x"', [1, 2, 3, 4]],
  ])('%s', (literal, offsets) => {
    expect(Array.from(unitOffsets(literal))).toEqual(offsets);
  });

  it('any slice of the raw text reads as that slice of the value', () => {
    fc.assert(
      fc.property(writtenText, fc.nat(60), fc.nat(60), ({ text, literal }, a, b) => {
        expect(JSON.parse(literal)).toBe(text);
        const offsets = unitOffsets(literal);
        expect(offsets).toHaveLength(text.length + 1);
        const [start, end] = [Math.min(a, b, text.length), Math.min(Math.max(a, b), text.length)];
        expect(JSON.parse(`"${literal.slice(offsets[start], offsets[end])}"`)).toBe(text.slice(start, end));
      }),
      { numRuns: 500 },
    );
  });
});

describe('the parts of a text in its line', () => {
  const line = '\ufeff{ "instruction":"a\\nb", "output" : "say \\"\\u00e9\\ud83d\\ude00😀\\"." }';
  const text = 'say "é😀😀".';
  const placed = (start: number, end: number) => {
    const place = textPlaces(line, ['output'])?.(start, end);
    return place && line.slice(place.start, place.end);
  };

  it.each([
    [0, 3, 'say'],
    [3, 5, ' \\"'],
    [5, 6, '\\u00e9'],
    [6, 8, '\\ud83d\\ude00'],
    [8, 10, '😀'],
    [10, 12, '\\".'],
    [0, text.length, 'say \\"\\u00e9\\ud83d\\ude00😀\\".'],
    [4, 4, ''],
  ])('%i to %i is %s', (start, end, raw) => {
    expect(placed(start, end)).toBe(raw);
  });

  it.each([
    [6, 7, '\\ud83d\\ude00'],
    [7, 8, '\\ud83d\\ude00'],
    [9, 11, '😀\\"'],
  ])('half a character counts as the whole: %i to %i is %s', (start, end, raw) => {
    expect(placed(start, end)).toBe(raw);
  });

  it('what goes past the text ends with it', () => {
    expect(placed(11, 99)).toBe('.');
  });

  it.each([[['missing']], [['n']]])('there are none where no string stands: %j', (path) => {
    expect(textPlaces('{"n": 12}', path)).toBeUndefined();
  });
});
