import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barsOf, histogramImage, histogramText } from '../../src/languageService/histogram';

describe('the histogram of a score', () => {
  it('draws bars and marks the record before its bar', () => {
    expect(histogramText(barsOf([1, 2, 2, 3, 3, 3, 3, 4, 4, 5], 4, 5))).toBe('▂▄█▕▄▂');
  });

  it('keeps a lone extreme from squeezing all others together', () => {
    const sorted = [...Array.from({ length: 999 }, (_, index) => index / 999), 1e6];
    expect(barsOf(sorted, 1e6, 4)).toEqual({ counts: [expect.closeTo(255, -1), expect.closeTo(245, -1), expect.closeTo(245, -1), expect.closeTo(255, -1)], here: 3 });
  });

  it.each([
    ['equal values', [2, 2, 2], 2, [0, 0, 3, 0], 2],
    ['one value', [7], 7, [0, 0, 1, 0], 2],
  ])('copes with %s', (_, sorted, value, counts, here) => {
    expect(barsOf(sorted, value, 4)).toEqual({ counts, here });
  });

  it('counts every value once', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), { minLength: 1 }), (values) => {
        const sorted = Float64Array.from(values).sort();
        const { counts, here } = barsOf(sorted, values[0] ?? 0, 16);
        expect(counts.reduce((sum, bar) => sum + bar, 0)).toBe(values.length);
        expect(counts[here]).toBeGreaterThan(0);
      }),
    );
  });

  it('is an image that every base64 reader reads', () => {
    for (const counts of [[1, 2, 3], [0, 0], [5], [1, 1, 1, 1]]) {
      const [, encoded] = histogramImage({ counts, here: 0 }).split('base64,');
      expect(Buffer.from(Buffer.from(encoded ?? '', 'base64').toString()).toString('base64')).toBe(encoded);
      expect(Buffer.from(encoded ?? '', 'base64').toString().match(/<rect /gu)).toHaveLength(counts.length);
    }
  });
});
