import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/seededRandom';

function draws(seed: number, count: number): number[] {
  const next = seededRandom(seed);
  return Array.from({ length: count }, () => next());
}

describe('seededRandom', () => {
  it('gives the same numbers for a seed on every machine and in every version', () => {
    expect(draws(0, 3).map((value) => value * 2 ** 32)).toEqual([1_363_572_419, 145_230_303, 808_754_475]);
  });

  it('gives other numbers for another seed', () => {
    fc.assert(fc.property(fc.integer(), fc.integer(), (a, b) => a === b || draws(a, 4).join() !== draws(b, 4).join()));
  });

  it('spreads evenly over 0 to 1', () => {
    const tenths = new Array<number>(10).fill(0);
    for (const value of draws(7, 100_000)) tenths[Math.floor(value * 10)] = (tenths[Math.floor(value * 10)] ?? 0) + 1;
    expect(tenths.every((count) => Math.abs(count - 10_000) < 400)).toBe(true);
  });
});
