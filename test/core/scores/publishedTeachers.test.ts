import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { spearman } from '../../../src/core/scores/summary';
import { sharedData } from '../../support/sharedData';

const table = sharedData('car_table6.csv');

/** Average performance of the paper (arXiv 2411.07133): the mean of AlpacaEval 2 LC and Arena-Hard, by base and teacher. */
function averagePerformance(): Map<string, Map<string, number>> {
  const byBase = new Map<string, Map<string, number>>();
  for (const line of readFileSync(table ?? '', 'utf8').trim().split('\n').slice(1)) {
    const [teacher = '', base = '', lc, arena] = line.split(',');
    const column = byBase.get(base) ?? new Map<string, number>();
    byBase.set(base, column.set(teacher, (Number(lc) + Number(arena)) / 2));
  }
  return byBase;
}

describe.skipIf(table === undefined)('the published figures of 19 teachers and 5 bases', () => {
  const performance = table === undefined ? new Map<string, Map<string, number>>() : averagePerformance();
  const bases = [...performance.keys()];
  const base = (part: string): Map<string, number> => performance.get(bases.find((name) => name.includes(part)) ?? '') ?? new Map<string, number>();

  it('are 19 by 5', () => {
    expect(bases.map((name) => performance.get(name)?.size)).toEqual([19, 19, 19, 19, 19]);
  });

  it.each([
    ['Qwen2-', 'Gemma', 0.9018],
    ['Qwen2-', 'Qwen2.5', 0.907],
    ['Qwen2-', 'Llama-3.2', 0.9579],
    ['Qwen2-', 'Minitron', 0.9333],
    ['Gemma', 'Qwen2.5', 0.8491],
    ['Gemma', 'Llama-3.2', 0.9526],
    ['Gemma', 'Minitron', 0.9298],
    ['Qwen2.5', 'Llama-3.2', 0.8596],
    ['Qwen2.5', 'Minitron', 0.8754],
    ['Llama-3.2', 'Minitron', 0.9474],
  ])('rank teachers alike for %s and %s: Spearman %f', (left, right, rho) => {
    const teachers = [...base(left).keys()];
    const column = (name: string): number[] => teachers.map((teacher) => base(name).get(teacher) ?? NaN);
    expect(spearman(column(left), column(right))).toBeCloseTo(rho, 4);
  });

  it.each([
    ['Gemma-2-9b', 'Gemma-2-27b', 4],
    ['Llama-3.1-70B', 'Llama-3.1-405B', 4],
    ['Qwen2-7B', 'Qwen2-72B', 5],
    ['Phi-3-small', 'Phi-3-medium', 5],
  ])('show the paradox: %s teaches better than %s on %i bases', (smaller, larger, expected) => {
    const of = (column: Map<string, number>, part: string): number => [...column].find(([teacher]) => teacher.toLowerCase().includes(part.toLowerCase()))?.[1] ?? NaN;
    expect(bases.filter((name) => of(performance.get(name) ?? new Map<string, number>(), smaller) > of(performance.get(name) ?? new Map<string, number>(), larger))).toHaveLength(expected);
  });
});
