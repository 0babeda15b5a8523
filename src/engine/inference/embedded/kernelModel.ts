import { z } from 'zod';

const finite = z.number();

/**
 * A smooth regression over features that were first bent to a common scale: feature j becomes `scale[j]` times the
 * interpolation of (`knots[j]`, `bends[j]`), constant beyond its ends. Each centre (in that space) adds its weight times
 * exp(−decay · distance) + linear · (dot product).
 */
export const kernelModelSchema = z
  .object({
    knots: z.array(z.array(finite).min(1)).min(1),
    bends: z.array(z.array(finite).min(1)).min(1),
    scale: z.array(finite).min(1),
    decay: z.number().positive(),
    linear: finite,
    centres: z.array(z.array(finite)).min(1),
    weights: z.array(finite).min(1),
  })
  .refine(({ knots, bends, scale }) => knots.length === scale.length && bends.length === scale.length, { error: 'a feature lacks its scale' })
  .refine(({ knots, bends }) => knots.every((row, j) => row.length === bends[j]?.length), { error: 'knots and bends differ in length' })
  .refine(({ centres, weights, scale }) => centres.length === weights.length && centres.every((centre) => centre.length === scale.length), {
    error: 'a centre lacks a feature or a weight',
  });

export class KernelModel {
  readonly #knots: readonly Float64Array[];
  readonly #bends: readonly Float64Array[];
  readonly #scale: Float64Array;
  readonly #decay: number;
  readonly #linear: number;
  /** One centre after the other. */
  readonly #centres: Float64Array;
  readonly #squares: Float64Array;
  readonly #weights: Float64Array;
  readonly #point: Float64Array;

  /** Throws when the model was fitted on another number of features. */
  constructor(model: z.infer<typeof kernelModelSchema>, features: number) {
    if (model.scale.length !== features) throw new Error('a kernel model was fitted on another number of features');
    this.#knots = model.knots.map((row) => Float64Array.from(row));
    this.#bends = model.bends.map((row) => Float64Array.from(row));
    this.#scale = Float64Array.from(model.scale);
    this.#decay = model.decay;
    this.#linear = model.linear;
    this.#centres = Float64Array.from(model.centres.flat());
    this.#squares = Float64Array.from(model.centres, (centre) => centre.reduce((sum, x) => sum + x * x, 0));
    this.#weights = Float64Array.from(model.weights);
    this.#point = new Float64Array(features);
  }

  predict(features: readonly number[]): number {
    const point = this.#point;
    const centres = this.#centres;
    const weights = this.#weights;
    const squares = this.#squares;
    const n = point.length;
    let square = 0;
    for (let j = 0; j < n; j++) {
      const value = (this.#scale[j] ?? 0) * interpolate(this.#knots[j] ?? none, this.#bends[j] ?? none, features[j] ?? 0);
      point[j] = value;
      square += value * value;
    }
    let total = 0;
    for (let c = 0, at = 0; c < weights.length; c++) {
      let product = 0;
      for (let j = 0; j < n; j++, at++) product += (point[j] ?? 0) * (centres[at] ?? 0);
      const distance = Math.sqrt(Math.max(0, square + (squares[c] ?? 0) - 2 * product));
      total += (weights[c] ?? 0) * (Math.exp(-this.#decay * distance) + this.#linear * product);
    }
    return total;
  }
}

const none = new Float64Array(1);

/** Linear between the ascending `knots`. */
function interpolate(knots: Float64Array, bends: Float64Array, x: number): number {
  let low = 0;
  let high = knots.length - 1;
  if (x <= (knots[low] ?? 0)) return bends[low] ?? 0;
  if (x >= (knots[high] ?? 0)) return bends[high] ?? 0;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((knots[middle] ?? 0) <= x) low = middle;
    else high = middle;
  }
  const from = knots[low] ?? 0;
  const share = (x - from) / ((knots[high] ?? 0) - from);
  return (bends[low] ?? 0) + share * ((bends[high] ?? 0) - (bends[low] ?? 0));
}
