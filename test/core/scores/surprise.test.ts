import { describe, expect, it } from 'vitest';
import { helpStep, meanSurprise, mostHelped, mostSurprising, surpriseStep, visibleTokens } from '../../../src/core/scores/surprise';

const tokens = [
  { start: 0, end: 3, cond: 4 },
  { start: 3, end: 9, cond: 0.5, direct: 6 },
  { start: 9, end: 10, cond: 2, direct: 1 },
  { start: 10, end: 14, cond: 1, direct: 3 },
];

describe('the surprise of a response', () => {
  it('has means over the tokens that have a loss', () => {
    expect(meanSurprise(tokens)).toEqual({ cond: 7.5 / 4, direct: 10 / 3 });
    expect(meanSurprise([{ cond: 1 }])).toEqual({ cond: 1 });
    expect(meanSurprise([])).toEqual({});
  });

  it('names what the instruction helped, never what it did not', () => {
    expect(mostHelped(tokens, 5).map(({ start }) => start)).toEqual([3, 10]);
    expect(mostHelped(tokens, 1).map(({ start }) => start)).toEqual([3]);
  });

  it('names what stays surprising', () => {
    expect(mostSurprising(tokens, 2).map(({ start }) => start)).toEqual([0, 9]);
  });

  it('adds up the tokens of one character, and leaves out what has no place', () => {
    const pieces = [
      { start: 0, end: 2, cond: 3 },
      { start: 0, end: 2, cond: 1, direct: 2 },
      { start: 0, end: 2, cond: 0.5, direct: 1 },
      { start: 2, end: 2, cond: 9, direct: 9 },
      { start: 2, end: 4, cond: 1, direct: 2 },
      { start: 2, end: 4, cond: 1, direct: 2 },
    ];
    expect(visibleTokens(pieces)).toEqual([
      { start: 0, end: 2, cond: 4.5 },
      { start: 2, end: 4, cond: 2, direct: 4 },
    ]);
  });
});

describe('how strongly a token is shown', () => {
  it.each([
    [undefined, undefined],
    [0, undefined],
    [Math.log(1.9), undefined],
    [Math.log(2), 1],
    [Math.log(10), 2],
    [Math.log(99), 2],
    [Math.log(100), 3],
    [Math.log(1000), 4],
    [Math.log(10_000), 5],
    [30, 5],
    [NaN, undefined],
  ])('%d nats are step %s', (nats, step) => {
    expect(surpriseStep(nats)).toBe(step);
  });

  it.each([
    [undefined, undefined],
    [0.5, undefined],
    [-0.5, undefined],
    [Math.log(2), { step: 1, helped: true }],
    [-Math.log(10), { step: 2, helped: false }],
    [Math.log(100), { step: 3, helped: true }],
    [-50, { step: 3, helped: false }],
  ])('a help of %d nats is %j', (help, step) => {
    expect(helpStep(help)).toEqual(step);
  });
});
