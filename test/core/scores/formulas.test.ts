import { describe, expect, it } from 'vitest';
import { car, carOffset } from '../../../src/core/scores/car';
import type { CarOffsetMode } from '../../../src/core/scores/car';
import { icIfd } from '../../../src/core/scores/icIfd';
import { ifdLoss, ifdPpl, meanLoss } from '../../../src/core/scores/ifd';

describe('IFD', () => {
  it.each([
    // L(A|Q), L(A), exp of the difference, ratio
    [1.2, 1.5, 0.7408182207, 0.8],
    [1.5, 1.5, 1, 1],
    [2, 1.5, 1.6487212707, 1.3333333333],
    [0, 1, 0.3678794412, 0],
  ])('of losses %f and %f is %f by perplexity and %f by loss', (cond, direct, ppl, loss) => {
    expect(ifdPpl(cond, direct)).toBeCloseTo(ppl, 9);
    expect(ifdLoss(cond, direct)).toBeCloseTo(loss, 9);
  });

  it('crosses 1 at the same point in both definitions', () => {
    for (const cond of [0.4, 1.4999, 1.5, 1.5001, 4]) expect(Math.sign(ifdPpl(cond, 1.5) - 1)).toBe(Math.sign(ifdLoss(cond, 1.5) - 1));
  });

  it('starts from mean losses, the sums over their own counts', () => {
    expect(meanLoss({ sum: 12, tokens: 10 })).toBe(1.2);
  });
});

describe('IC-IFD', () => {
  it('divides IFD by the loss of the instruction', () => {
    expect(icIfd(1.2, 1.5, 2.4)).toBeCloseTo(1 / 3, 10);
  });
});

describe('CAR', () => {
  it.each([
    [12, 0.8, 3, 3.5294117647],
    [12, 0.8, 0, 12],
    [0, 2, 3, 0],
  ])('of reward %f, loss %f and β %f is %f', (reward, loss, beta, expected) => {
    expect(car(reward, loss, beta)).toBeCloseTo(expected, 9);
  });
});

describe('carOffset', () => {
  it.each<[rewards: number[], mode: CarOffsetMode, expected: object]>([
    [[0.2, 3], 'min', { offset: 0 }],
    [[0.2, 3], 'none', { offset: 0 }],
    [[0.2, 3], 5, { offset: 0 }],
    [[-2, 3], 'min', { offset: 2 }],
    [[-2, 3], 5, { offset: 5 }],
    [[-2, 3], 1, { offset: undefined, reason: 'some rewards stay negative after the offset 1' }],
    [[-2, 3], 'none', { offset: undefined, reason: 'some rewards are negative and the offset is none' }],
    [[], 'none', { offset: 0 }],
  ])('of %j under %s is %j', (rewards, mode, expected) => {
    expect(carOffset(rewards, mode)).toEqual(expected);
  });

  it('keeps a negative reward from gaining by a larger loss', () => {
    const { offset = NaN } = carOffset([-2, -1], 'min');
    expect(car(-1, 0.5, 3)).toBeLessThan(car(-1, 2, 3));
    expect(car(-1 + offset, 0.5, 3)).toBeGreaterThan(car(-1 + offset, 2, 3));
  });
});
