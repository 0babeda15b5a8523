import { describe, expect, it } from 'vitest';
import { Pace } from '../../src/core/pace';

describe('the pace of a run', () => {
  it.each([
    ['says nothing before two seconds have passed', 1999, 50, 0.5, ''],
    ['says nothing while nothing is done', 5000, 0, 0, ''],
    ['counts seconds', 4000, 8, 0.1, ' · 2.0/s · 36 s left'],
    ['counts minutes', 10_000, 400, 0.05, ' · 40/s · 4 min left'],
    ['counts hours', 60_000, 600, 0.01, ' · 10/s · 1 h 39 min left'],
    ['drops the time at the end', 10_000, 1000, 1, ' · 100/s'],
  ])('%s', (_, elapsed, done, share, text) => {
    expect(new Pace(1000).describe(1000 + elapsed, done, share)).toBe(text);
  });
});
