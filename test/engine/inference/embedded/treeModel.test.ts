import { describe, expect, it } from 'vitest';
import { TreeModel, treeModelSchema } from '../../../../src/engine/inference/embedded/treeModel';

/** x0 ≤ 1 ? (x1 ≤ 5 ? 10 : 20) : 30 */
const tree = { feature: [0, 1, -1, -1, -1], value: [1, 5, 10, 20, 30], right: [4, 3, 0, 0, 0] };

describe('TreeModel', () => {
  it.each([
    [[0, 0], 110],
    [[1, 5], 110],
    [[1, 5.1], 120],
    [[1.1, 0], 130],
  ])('sends %j to %i', (features, expected) => {
    expect(new TreeModel({ base: 100, trees: [tree] }, 2).predict(features)).toBe(expected);
  });

  it('adds up its trees', () => {
    expect(new TreeModel({ base: 0, trees: [tree, tree, tree] }, 2).predict([0, 9])).toBe(60);
  });

  it('refuses a tree that asks for a feature nobody computes', () => {
    expect(() => new TreeModel({ base: 0, trees: [tree] }, 1)).toThrow('a tree asks for a feature that is not computed');
  });

  it.each([
    ['arrays of different length', { ...tree, right: [4] }],
    ['a child outside the tree', { ...tree, right: [9, 3, 0, 0, 0] }],
    ['a loop', { ...tree, right: [1, 3, 0, 0, 0] }],
    ['an empty tree', { feature: [], value: [], right: [] }],
  ])('its file must not hold %s', (_, broken) => {
    expect(treeModelSchema.safeParse({ base: 0, trees: [broken] }).success).toBe(false);
  });
});
