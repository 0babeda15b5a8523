import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { seededRandom } from '../../../../src/base/seededRandom';
import { parseLine } from '../../../../src/core/record/parseRecord';
import { MinHash } from '../../../../src/core/selection/nearDuplicates/minHash';
import { NearDuplicateIndex } from '../../../../src/core/selection/nearDuplicates/nearDuplicateIndex';
import { recordText } from '../../../../src/core/selection/nearDuplicates/recordText';
import { jaccard } from '../../../../src/core/selection/nearDuplicates/sets';
import { shingles } from '../../../../src/core/selection/nearDuplicates/shingles';
import { sharedData } from '../../../support/sharedData';

const alpaca = sharedData('alpaca_union.jsonl');

it.skipIf(alpaca === undefined)('near-duplicates among 1,000 real records and a reworded copy of each are found as comparing all with all finds them', () => {
  const texts = realTexts(alpaca ?? '', 1000);
  const next = seededRandom(5);
  const sets = [...texts, ...texts.map((text) => reworded(text, next))].map((text) => shingles(text));
  const hash = new MinHash();
  const index = new NearDuplicateIndex();
  const [wanted, found] = [new Set<string>(), new Set<string>()];
  let looked = 0;
  for (const [id, set] of sets.entries()) {
    const signature = hash.signature(set);
    for (const other of index.candidates(signature)) {
      looked++;
      if (jaccard(set, sets[other] ?? set) >= 0.8) found.add(`${other} ${id}`);
    }
    for (let other = 0; other < id; other++) if (jaccard(set, sets[other] ?? set) >= 0.8) wanted.add(`${other} ${id}`);
    index.add(id, signature);
  }
  expect(wanted.size).toBeGreaterThan(400);
  expect([...found].filter((pair) => !wanted.has(pair))).toEqual([]);
  expect(found.size / wanted.size).toBeGreaterThan(0.995);
  // Of two million pairs few are compared in vain.
  expect(looked).toBeLessThan(3 * wanted.size);
});

function realTexts(file: string, count: number): string[] {
  const lines = readFileSync(file, 'utf8').split('\n', count);
  return lines.flatMap((line) => {
    const parsed = parseLine(line);
    return parsed.status === 'ok' ? [recordText(parsed.record)] : [];
  });
}

/** The text with up to three of its words replaced. */
function reworded(text: string, next: () => number): string {
  const words = text.split(' ');
  for (let times = Math.floor(next() * 4); times > 0; times--) words[Math.floor(next() * words.length)] = 'otherwise';
  return words.join(' ');
}
