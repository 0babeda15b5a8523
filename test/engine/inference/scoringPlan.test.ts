import { describe, expect, it } from 'vitest';
import { fast, planScoring, slow } from '../../../src/engine/inference/scoringPlan';

const item = (key: string, response: string, prompt = 'p') => ({ key, prompt, response });
const metrics = new Set(['ifd'] as const);
const both = { loss: true, reward: true };

describe('the plan of a run', () => {
  it('asks only for what is missing, and hands out the rest as it is', () => {
    const known = new Map([
      ['whole', { key: 'whole', loss: { scorer: 's' }, reward: { scorer: 'r', value: 1 } }],
      ['half', { key: 'half', loss: { scorer: 's' } }],
    ]);
    const plan = planScoring({ items: [item('whole', 'a'), item('half', 'b'), item('none', 'c')], metrics }, known, both, fast);
    expect(plan.ready).toEqual([known.get('whole')]);
    expect(plan.batches.flat().map(({ key, loss, reward }) => [key, loss, reward])).toEqual([
      ['half', false, true],
      ['none', true, true],
    ]);
    expect([plan.total, plan.computed]).toEqual([3, 2]);
  });

  it('keeps the order of the file for a fast scorer', () => {
    const plan = planScoring({ items: [item('a', 'xx'), item('b', 'x'), item('c', 'xxx')], metrics }, new Map(), both, fast);
    expect(plan.batches.flat().map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  });

  it('puts long responses first for a slow one, and equal ones side by side', () => {
    const items = [item('a', 'yes'), item('b', 'a long answer'), item('c', 'no!'), item('d', 'yes', 'a longer prompt'), item('e', 'no!')];
    const plan = planScoring({ items, metrics }, new Map(), both, slow);
    expect(plan.batches.flat().map(({ response }) => response)).toEqual(['a long answer', 'no!', 'no!', 'yes', 'yes']);
  });

  it.each([
    ['by number', Array.from({ length: 40 }, (_, i) => item(String(i), 'x')), [16, 16, 8]],
    ['by length', Array.from({ length: 4 }, (_, i) => item(String(i), 'x'.repeat(9000))), [1, 1, 1, 1]],
  ])('cuts batches %s', (_, items, sizes) => {
    expect(planScoring({ items, metrics }, new Map(), both, slow).batches.map((batch) => batch.length)).toEqual(sizes);
  });
});
