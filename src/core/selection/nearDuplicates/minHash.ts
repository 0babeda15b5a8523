import { seededRandom } from '../../../base/seededRandom';

/**
 * MinHash (Broder 1997): a set as the smallest of its values under each of `permutations` random orders. Two sets agree in a place
 * with the probability of their Jaccard similarity. The same seed gives the same signatures on every machine.
 */
export class MinHash {
  readonly permutations: number;
  readonly #factors: Int32Array;
  readonly #offsets: Int32Array;

  constructor({ permutations = 128, seed = 1 }: { readonly permutations?: number; readonly seed?: number } = {}) {
    this.permutations = permutations;
    const random = seededRandom(seed);
    const draw = () => Math.floor(random() * 2 ** 32) | 0;
    // x → a·x + b modulo 2³² is a permutation when a is odd.
    this.#factors = Int32Array.from({ length: permutations }, () => draw() | 1);
    this.#offsets = Int32Array.from({ length: permutations }, draw);
  }

  /** Of a set of hashes, evenly spread over 32 bits. An empty set has the same large number everywhere. */
  signature(set: Uint32Array): Uint32Array {
    // Signed arithmetic stays in integer registers: four times as fast as unsigned.
    const values = new Int32Array(set.buffer, set.byteOffset, set.length);
    const signature = new Int32Array(this.permutations);
    for (let place = 0; place < this.permutations; place++) {
      const factor = this.#factors[place] ?? 1;
      const offset = this.#offsets[place] ?? 0;
      let smallest = 0x7fffffff;
      for (let at = values.length - 1; at >= 0; at--) {
        const value = (Math.imul(values[at] ?? 0, factor) + offset) | 0;
        if (value < smallest) smallest = value;
      }
      signature[place] = smallest;
    }
    return new Uint32Array(signature.buffer);
  }
}

/** The share of places in which two signatures agree: an estimate of the sets' Jaccard similarity. */
export function estimateJaccard(a: Uint32Array, b: Uint32Array): number {
  let equal = 0;
  for (let place = 0; place < a.length; place++) if (a[place] === b[place]) equal++;
  return a.length === 0 ? 0 : equal / a.length;
}
