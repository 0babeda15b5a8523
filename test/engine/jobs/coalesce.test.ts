import { expect, it } from 'vitest';
import { createCoalescer } from '../../../src/engine/jobs/coalesce';

it('hands over together what arrives together, and what arrived meanwhile next', async () => {
  const batches: (readonly number[])[] = [];
  let release: () => void = () => undefined;
  const coalescer = createCoalescer<number>(async (batch) => {
    batches.push(batch);
    if (batches.length === 1) await new Promise<void>((resolve) => (release = resolve));
  });
  const first = [coalescer.add(1), coalescer.add(2)];
  await Promise.resolve();
  const later = [coalescer.add(3), coalescer.add(4)];
  release();
  await Promise.all([...first, ...later]);
  expect(batches).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

it('keeps batches within their bound', async () => {
  const sizes: number[] = [];
  const coalescer = createCoalescer<number>((batch) => Promise.resolve(void sizes.push(batch.length)), 2);
  await Promise.all([1, 2, 3, 4, 5].map((item) => coalescer.add(item)));
  expect(sizes).toEqual([2, 2, 1]);
});

it('tells a failure to its own batch only', async () => {
  const coalescer = createCoalescer<string>((batch) => (batch.includes('bad') ? Promise.reject(new Error('broken')) : Promise.resolve()), 1);
  const outcomes = await Promise.allSettled(['good', 'bad', 'good'].map((item) => coalescer.add(item)));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
