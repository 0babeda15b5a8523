import { describe, expect, it } from 'vitest';
import { KernelModel, kernelModelSchema } from '../../../../src/engine/inference/embedded/kernelModel';

/** Two features: the first bent from 0..10 to −1..1 with a corner at 5, the second constant; one centre at the origin, one at (2, 0). */
const model = {
  knots: [[0, 5, 10], [3]],
  bends: [[-1, 0, 1], [0]],
  scale: [2, 1],
  decay: 0.5,
  linear: 0.1,
  centres: [[0, 0], [2, 0]],
  weights: [1, 10],
};

describe('KernelModel', () => {
  it.each([
    ['at a knot', [5, 3], Math.exp(0) + 10 * Math.exp(-1)],
    ['between knots', [7.5, 3], Math.exp(-0.5) + 10 * (Math.exp(-0.5) + 0.2)],
    ['at the last knot', [10, 9], Math.exp(-1) + 10 * (1 + 0.4)],
    ['beyond the last knot', [1e9, -9], Math.exp(-1) + 10 * (1 + 0.4)],
    ['before the first knot', [-1e9, 3], Math.exp(-1) + 10 * (Math.exp(-2) - 0.4)],
  ])('weighs its centres %s', (_, features, expected) => {
    expect(new KernelModel(model, 2).predict(features)).toBeCloseTo(expected, 12);
  });

  it('refuses another number of features', () => {
    expect(() => new KernelModel(model, 3)).toThrow('fitted on another number of features');
  });

  it.each([
    ['a centre without a weight', { ...model, weights: [1] }],
    ['a centre of another length', { ...model, centres: [[0, 0], [2]] }],
    ['a knot without its bend', { ...model, knots: [[0, 5], [3]] }],
    ['a feature without a scale', { ...model, scale: [2] }],
    ['a feature without a knot', { ...model, knots: [[], [3]], bends: [[], [0]] }],
  ])('its file must not hold %s', (_, broken) => {
    expect(kernelModelSchema.safeParse(broken).success).toBe(false);
  });
});
