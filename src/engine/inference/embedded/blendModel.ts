import { z } from 'zod';
import { KernelModel, kernelModelSchema } from './kernelModel';
import { TreeModel, treeModelSchema } from './treeModel';

export const blendModelSchema = z.object({ trees: treeModelSchema, kernel: kernelModelSchema });

/** The sum of regression trees, which see steps, and a kernel model, which is smooth: they err differently. */
export class BlendModel {
  readonly #trees: TreeModel;
  readonly #kernel: KernelModel;

  /** Throws when either was fitted on other features than the `features` ones. */
  constructor(model: z.infer<typeof blendModelSchema>, features: number) {
    this.#trees = new TreeModel(model.trees, features);
    this.#kernel = new KernelModel(model.kernel, features);
  }

  predict(features: readonly number[]): number {
    return this.#trees.predict(features) + this.#kernel.predict(features);
  }
}
