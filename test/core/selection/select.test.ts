import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScoreId } from '../../../src/core/scores/catalogue';
import type { SelectionRule } from '../../../src/core/selection/rule';
import { selectRecords } from '../../../src/core/selection/select';
import type { Candidate } from '../../../src/core/selection/selection';

/** One candidate a value, in file order; undefined for a record without the score. */
function file(score: ScoreId, values: readonly (number | undefined)[]): Candidate[] {
  return values.map((value, index) => ({ line: index + 1, scores: { values: value === undefined ? {} : { [score]: value }, undefined: {}, scorers: {} } }));
}

function choose(rule: SelectionRule, score: ScoreId, values: readonly (number | undefined)[]): readonly number[] {
  return selectRecords(rule, file(score, values)).chosen;
}

describe('longest', () => {
  it.each([
    ['the most words, back in file order', 2, [5, 9, 1, 7], [1, 3]],
    ['the earlier record among equals', 2, [7, 9, 7, 7], [0, 1]],
    ['everything when there is less', 9, [5, 9], [0, 1]],
    ['nothing when nothing is asked for', 0, [5, 9], []],
    ['no record without a length', 2, [undefined, 3, undefined, 1], [1, 3]],
  ])('takes %s', (_, count, words, chosen) => {
    expect(choose({ kind: 'longest', count }, 'length.words', words)).toEqual(chosen);
  });
});

describe('top', () => {
  it.each<[string, Omit<Extract<SelectionRule, { kind: 'top' }>, 'kind' | 'score'>, (number | undefined)[], number[]]>([
    ['the highest', { direction: 'highest', count: 2 }, [0.2, 0.9, 0.5], [1, 2]],
    ['the lowest', { direction: 'lowest', count: 2 }, [0.2, 0.9, 0.5], [0, 2]],
    ['only what is strictly below a bound', { direction: 'highest', below: 1, count: 2 }, [1, 0.9, 1.1, 0.5], [1, 3]],
    ['only what is strictly above a bound', { direction: 'lowest', above: 0.5, count: 2 }, [0.5, 0.9, 1.1, 0.6], [1, 3]],
    ['everything inside the bounds when nothing else is said', { direction: 'highest', below: 1 }, [0.9, 1, undefined, 0.1], [0, 3]],
    ['the rate of all records, undefined ones counted', { direction: 'highest', rate: 0.5 }, [0.1, undefined, undefined, 0.2, 0.3], [3, 4]],
    ['the smaller of count and rate', { direction: 'highest', rate: 0.5, count: 1 }, [0.1, 0.2, 0.3, 0.4], [3]],
    ['the earlier record among equals, also from below', { direction: 'lowest', count: 1 }, [0.3, 0.3], [0]],
    ['a rate as it is written: .29 of 100 is 29', { direction: 'highest', rate: 0.29 }, Array.from({ length: 100 }, (_, index) => -index), Array.from({ length: 29 }, (_, index) => index)],
  ])('takes %s', (_, rule, values, chosen) => {
    expect(choose({ kind: 'top', score: 'ifd.ppl', ...rule }, 'ifd.ppl', values)).toEqual(chosen);
  });

  it('follows Superfiltering: floor(N · rate) of all records, defined and below 1, best first', () => {
    const { chosen, steps, tieRule } = selectRecords({ kind: 'top', score: 'ifd.ppl', direction: 'highest', below: 1, rate: 0.1 }, file('ifd.ppl', [undefined, ...Array.from({ length: 28 }, (_, index) => 0.5 + index * 0.02)]));
    expect(chosen).toEqual([24, 25]);
    expect(steps).toEqual([
      { step: 'all records', records: 29 },
      { step: 'ifd.ppl is defined', records: 28 },
      { step: 'ifd.ppl < 1', records: 25 },
      { step: 'highest 2 by ifd.ppl', records: 2 },
    ]);
    expect(tieRule).toBe('among equal ifd.ppl the earlier record');
  });

  const values = fc.array(fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }));

  it('takes nothing worse than what it leaves, of equals the earlier', () => {
    fc.assert(
      fc.property(values, fc.nat({ max: 12 }), fc.constantFrom('highest' as const, 'lowest' as const), (scores, count, direction) => {
        const chosen = choose({ kind: 'top', score: 'reward', direction, count }, 'reward', scores);
        const sign = direction === 'highest' ? 1 : -1;
        const value = (index: number): number => sign * (scores[index] ?? -Infinity);
        const left = scores.flatMap((score, index) => (score === undefined || chosen.includes(index) ? [] : [index]));
        for (const taken of chosen) for (const other of left) expect(value(taken) > value(other) || (value(taken) === value(other) && taken < other)).toBe(true);
        expect(chosen).toHaveLength(Math.min(count, scores.filter((score) => score !== undefined).length));
        expect([...chosen].sort((a, b) => a - b)).toEqual(chosen);
      }),
    );
  });
});

describe('random', () => {
  it('takes the same records for the same seed, on every machine', () => {
    const hundred = file('reward', new Array<undefined>(100).fill(undefined));
    expect(selectRecords({ kind: 'random', count: 10, seed: 7 }, hundred).chosen).toEqual([1, 7, 20, 31, 32, 42, 43, 49, 70, 92]);
    expect(selectRecords({ kind: 'random', count: 10, seed: 8 }, hundred).chosen).toEqual([3, 36, 47, 50, 51, 55, 60, 71, 84, 97]);
  });

  it('draws without replacement, scored or not, in file order', () => {
    fc.assert(
      fc.property(fc.nat({ max: 40 }), fc.nat({ max: 50 }), fc.nat(), (records, count, seed) => {
        const { chosen } = selectRecords({ kind: 'random', count, seed }, file('reward', new Array<undefined>(records).fill(undefined)));
        expect(new Set(chosen).size).toBe(Math.min(records, count));
        expect(chosen.every((index, position) => index < records && (position === 0 || index > (chosen[position - 1] ?? NaN)))).toBe(true);
      }),
    );
  });

  it('gives every record its turn', () => {
    const ten = file('reward', new Array<undefined>(10).fill(undefined));
    const times = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 2000; seed++) for (const index of selectRecords({ kind: 'random', count: 3, seed }, ten).chosen) times[index] = (times[index] ?? 0) + 1;
    for (const drawn of times) expect(Math.abs(drawn - 600)).toBeLessThan(90);
  });
});
