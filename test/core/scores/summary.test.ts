import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentile, spearman, summarize } from '../../../src/core/scores/summary';

const numbers = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 });

describe('summarize', () => {
  it('interpolates quantiles as NumPy does', () => {
    expect(summarize([4, 1, 3, 2])).toEqual({ n: 4, mean: 2.5, min: 1, max: 4, p05: expect.closeTo(1.15, 12) as number, p25: 1.75, p50: 2.5, p75: 3.25, p95: expect.closeTo(3.85, 12) as number });
  });

  it('has nothing to say about nothing', () => {
    expect(summarize([])).toBeUndefined();
  });

  it('keeps its numbers in order', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const { min, p05, p25, p50, p75, p95, max } = summarize(values) ?? { min: NaN, p05: NaN, p25: NaN, p50: NaN, p75: NaN, p95: NaN, max: NaN };
        const ordered = [min, p05, p25, p50, p75, p95, max];
        expect(ordered.every((value, index) => index === 0 || value >= (ordered[index - 1] ?? NaN) - 1e-6)).toBe(true);
      }),
    );
  });
});

describe('percentile', () => {
  it.each([
    [0, 0],
    [1, 12.5],
    [2, 50],
    [2.5, 75],
    [9, 100],
  ])('of %f among 1, 2, 2, 3 is %f', (value, expected) => {
    expect(percentile([1, 2, 2, 3], value)).toBe(expected);
  });
});

describe('spearman', () => {
  it.each([
    ['the same order', [1, 2, 3], [10, 20, 90], 1],
    ['the opposite order', [1, 2, 3], [3, 2, 1], -1],
    ['average ranks for ties', [1, 2, 2, 3], [1, 2, 3, 4], 0.9486832981],
  ])('is right for %s', (_, a, b, rho) => {
    expect(spearman(a, b)).toBeCloseTo(rho, 9);
  });

  it.each([
    ['nothing', [], []],
    ['one pair', [1], [2]],
    ['a constant side', [1, 1, 1], [1, 2, 3]],
  ])('is undefined for %s', (_, a, b) => {
    expect(spearman(a, b)).toBeUndefined();
  });

  it('does not change when a side is rescaled', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -20, max: 20 })), { minLength: 2 }), (pairs) => {
        const a = pairs.map(([x]) => x);
        const b = pairs.map(([, y]) => y);
        expect(spearman(a.map((x) => x ** 3), b)).toEqual(spearman(a, b));
      }),
    );
  });
});
