import { z } from 'zod';

/**
 * A tree in preorder: the left child of node i is i + 1, `right[i]` is its right child. `feature[i]` −1 marks a leaf, whose
 * share of the prediction is `value[i]`; elsewhere `value[i]` is the threshold and "not above it" goes left.
 */
const treeSchema = z
  .object({ feature: z.array(z.int().min(-1)), value: z.array(z.number()), right: z.array(z.int().min(0)) })
  .refine((tree) => tree.feature.length > 0 && tree.feature.length === tree.value.length && tree.feature.length === tree.right.length, {
    error: 'the arrays of a tree differ in length',
  })
  .refine((tree) => tree.feature.every((feature, i) => feature < 0 || ((tree.right[i] ?? 0) > i + 1 && (tree.right[i] ?? 0) < tree.feature.length)), {
    error: 'a tree points outside itself',
  });

export const treeModelSchema = z.object({ base: z.number(), trees: z.array(treeSchema) });

/** A sum of regression trees over one vector of features. */
export class TreeModel {
  readonly #base: number;
  readonly #roots: Int32Array;
  readonly #feature: Int16Array;
  readonly #value: Float64Array;
  readonly #right: Int32Array;

  /** Throws when a tree asks for a feature at or beyond `features`. */
  constructor(model: z.infer<typeof treeModelSchema>, features: number) {
    const nodes = model.trees.reduce((sum, tree) => sum + tree.feature.length, 0);
    this.#base = model.base;
    this.#roots = new Int32Array(model.trees.length);
    this.#feature = new Int16Array(nodes);
    this.#value = new Float64Array(nodes);
    this.#right = new Int32Array(nodes);
    let offset = 0;
    model.trees.forEach((tree, index) => {
      if (tree.feature.some((feature) => feature >= features)) throw new Error('a tree asks for a feature that is not computed');
      this.#roots[index] = offset;
      this.#feature.set(tree.feature, offset);
      this.#value.set(tree.value, offset);
      this.#right.set(tree.right.map((node) => node + offset), offset);
      offset += tree.feature.length;
    });
  }

  /** Features are compared in single precision, as they were when the trees were fitted. */
  predict(features: readonly number[]): number {
    const single = Float32Array.from(features);
    let total = this.#base;
    for (const root of this.#roots) {
      let node = root;
      let feature = this.#feature[node] ?? -1;
      while (feature >= 0) {
        node = (single[feature] ?? 0) <= (this.#value[node] ?? 0) ? node + 1 : (this.#right[node] ?? node + 1);
        feature = this.#feature[node] ?? -1;
      }
      total += this.#value[node] ?? 0;
    }
    return total;
  }
}
