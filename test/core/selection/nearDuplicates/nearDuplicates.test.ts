import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/base/seededRandom';
import { estimateJaccard, MinHash } from '../../../../src/core/selection/nearDuplicates/minHash';
import { NearDuplicateIndex } from '../../../../src/core/selection/nearDuplicates/nearDuplicateIndex';
import { distinct, jaccard } from '../../../../src/core/selection/nearDuplicates/sets';
import { shingles } from '../../../../src/core/selection/nearDuplicates/shingles';

const alike = (a: string, b: string) => jaccard(shingles(a), shingles(b));

describe('word 5-grams', () => {
  it.each([
    ['case, punctuation and white space do not count', 'The cat sat on the mat, and slept.', 'the  CAT sat on the\nmat and slept', 1],
    ['compatible spellings are one', 'the ﬁnal score was ½ and cafe\u0301', 'The final score was 1⁄2 and café', 1],
    ['one word of ten changed at the end: 5 of 7 grams', 'a b c d e f g h i j', 'a b c d e f g h i k', 5 / 7],
    ['order counts', 'one two three four five', 'five four three two one', 0],
    ['fewer words are one gram', 'Yes, please', 'yes please!', 1],
    ['one word more is another gram', 'yes', 'yes yes', 0],
    ['no words: the characters', ' ??  !', '?? !', 1],
    ['no words: other characters', '??', '!!', 0],
    ['letters of scripts without spaces are words: 3 of 5 grams', '我喜欢吃北京烤鸭', '我喜欢吃北京烤鸡', 3 / 5],
    ['emptiness is like nothing', '', ' \n', 0],
    ['words do not run together', 'ab c d e f', 'a bc d e f', 0],
  ])('%s', (_, a, b, similarity) => {
    expect(alike(a, b)).toBeCloseTo(similarity, 10);
  });

  it('are a set: ascending, each once', () => {
    const grams = [...shingles('to be or not to be or not to be or not to be')];
    expect(grams).toHaveLength(4);
    expect(grams).toEqual([...new Set(grams)].sort((a, b) => a - b));
  });

  it('of any text are alike to themselves and symmetric', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(alike(a, a)).toBe(shingles(a).length > 0 ? 1 : 0);
        expect(alike(a, b)).toBe(alike(b, a));
      }),
    );
  });
});

it('the share that two sets have in common is that of their elements', () => {
  const numbers = fc.array(fc.nat({ max: 40 }));
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const [left, right] = [new Set(a), new Set(b)];
      const union = new Set([...a, ...b]).size;
      expect(jaccard(distinct(Uint32Array.from(a)), distinct(Uint32Array.from(b)))).toBe(union === 0 ? 0 : [...left].filter((value) => right.has(value)).length / union);
    }),
  );
});

/** Two sets of 100 random hashes of which `common` are the same. */
function pair(next: () => number, common: number): [Uint32Array, Uint32Array] {
  const draw = (count: number) => Array.from({ length: count }, () => Math.floor(next() * 2 ** 32));
  const shared = draw(common);
  return [distinct(Uint32Array.from([...shared, ...draw(100 - common)])), distinct(Uint32Array.from([...shared, ...draw(100 - common)]))];
}

describe('MinHash', () => {
  it.each([0, 20, 50, 80, 90, 99, 100])('estimates similarity without bias and as exactly as theory says: %i of 100 in common', (common) => {
    const next = seededRandom(common + 1);
    const hash = new MinHash();
    const errors = Array.from({ length: 400 }, () => {
      const [a, b] = pair(next, common);
      return estimateJaccard(hash.signature(a), hash.signature(b)) - jaccard(a, b);
    });
    const similarity = common / (200 - common);
    const deviation = Math.sqrt((similarity * (1 - similarity)) / 128);
    expect(Math.abs(errors.reduce((sum, error) => sum + error, 0) / errors.length)).toBeLessThanOrEqual(0.2 * deviation);
    expect(Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length)).toBeLessThanOrEqual(1.15 * deviation);
  });

  it('gives the same signature on every machine for a seed, and another for another', () => {
    const set = shingles('the quick brown fox jumps over the lazy dog');
    expect([...new MinHash({ permutations: 4 }).signature(set)]).toEqual([...new MinHash({ permutations: 4 }).signature(Uint32Array.from(set))]);
    expect([...new MinHash({ permutations: 4, seed: 2 }).signature(set)]).not.toEqual([...new MinHash({ permutations: 4 }).signature(set)]);
    expect([...new MinHash({ permutations: 4 }).signature(set)]).toMatchInlineSnapshot(`
      [
        2161048300,
        3351110668,
        3312759204,
        3146105628,
      ]
    `);
  });
});

describe('the index', () => {
  const hash = new MinHash();

  it('finds pairs of similarity .8 and leaves out what has nothing in common', () => {
    const next = seededRandom(7);
    let missed = 0;
    let needless = 0;
    for (let round = 0; round < 500; round++) {
      const index = new NearDuplicateIndex();
      const [a, b] = pair(next, 89);
      const [c] = pair(next, 0);
      index.add(1, hash.signature(b));
      index.add(2, hash.signature(c));
      const found = index.candidates(hash.signature(a));
      if (!found.includes(1)) missed++;
      if (found.includes(2)) needless++;
    }
    expect([missed, needless]).toEqual([0, 0]);
  });

  it('holds what was added and not removed, whatever the order', () => {
    const text = (id: number) => shingles(`text number ${id} of many that a person could have written down`);
    const step = fc.record({ id: fc.nat({ max: 30 }), remove: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const index = new NearDuplicateIndex();
        const held = new Set<number>();
        for (const { id, remove } of steps) {
          if (remove) index.remove(id);
          else if (!held.has(id)) index.add(id, hash.signature(text(id)));
          if (remove) held.delete(id);
          else held.add(id);
        }
        expect(index.size).toBe(held.size);
        for (const id of held) expect(index.candidates(hash.signature(text(id)))).toContain(id);
        for (let id = 0; id <= 30; id++) if (!held.has(id)) expect(index.candidates(hash.signature(text(id)))).not.toContain(id);
      }),
      { numRuns: 30 },
    );
  });

  it('grows, and gives room back', () => {
    const next = seededRandom(3);
    const index = new NearDuplicateIndex();
    const signatures = Array.from({ length: 6000 }, () => Uint32Array.from({ length: 125 }, () => Math.floor(next() * 2 ** 32)));
    for (const [id, signature] of signatures.entries()) index.add(id, signature);
    for (let id = 0; id < 5000; id++) index.remove(id);
    for (let id = 0; id < 1000; id++) index.add(id, signatures[id] ?? new Uint32Array(125));
    expect(index.size).toBe(2000);
    for (const [id, signature] of signatures.entries()) expect(index.candidates(signature)).toEqual(id < 1000 || id >= 5000 ? [id] : []);
  });

  it('refuses an id twice and signatures that are too short', () => {
    const index = new NearDuplicateIndex();
    index.add(1, hash.signature(shingles('a')));
    expect(() => index.add(1, hash.signature(shingles('b')))).toThrow('The index holds 1 already');
    expect(() => index.add(2, new Uint32Array(124))).toThrow('A signature of 124 places cannot be cut into 25 bands of 5.');
  });
});
