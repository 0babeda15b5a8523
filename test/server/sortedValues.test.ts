import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SortedValues } from '../../src/server/sortedValues';

describe('values kept in order', () => {
  it('are those that were added and not removed, whether few or many change at once', () => {
    const value = fc.integer({ min: -5, max: 5 });
    const step = fc.record({ add: fc.array(value, { maxLength: 40 }), removeEach: fc.integer({ min: 1, max: 9 }), look: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const values = new SortedValues();
        let expected: number[] = [];
        for (const { add, removeEach, look } of steps) {
          for (const one of add) values.add(one);
          expected.push(...add);
          const removed = expected.filter((_, index) => index % removeEach === 0);
          expected = expected.filter((_, index) => index % removeEach !== 0);
          for (const one of removed) values.remove(one);
          if (look) expect(Array.from(values.sorted)).toEqual(expected.toSorted((a, b) => a - b));
        }
        expect(Array.from(values.sorted)).toEqual(expected.toSorted((a, b) => a - b));
        expect(values.lowest).toBe(expected.length === 0 ? undefined : Math.min(...expected));
      }),
    );
  });
});
