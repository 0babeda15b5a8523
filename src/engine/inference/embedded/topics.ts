/**
 * What tokens are about: short vectors from co-occurrence in the training text, read from `topics.bin` (layout and making:
 * models/recipe/build_topics.py). Two texts on one subject point the same way even where they share no word.
 */
export class Topics {
  /** Row of a token, −1 where it says nothing about a subject. */
  readonly #rows = new Int32Array(0x10000).fill(-1);
  readonly #weights: Uint8Array;
  readonly #vectors: Int8Array;
  readonly #dimensions: number;

  /** Throws when `file` is not in the layout above. */
  constructor(file: Uint8Array) {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    if (file.byteLength < headerSize || view.getUint32(0) !== magic || view.getUint8(4) !== 1) {
      throw new Error('topics.bin is not in the form this version reads');
    }
    this.#dimensions = view.getUint8(5);
    const rows = view.getUint16(6, true);
    const tokens = view.getUint16(8, true);
    const weightsAt = headerSize + 4 * tokens;
    const vectorsAt = weightsAt + rows;
    if (file.byteLength !== vectorsAt + rows * this.#dimensions) throw new Error('topics.bin is cut short');
    for (let at = headerSize; at < weightsAt; at += 4) this.#rows[view.getUint16(at, true)] = view.getUint16(at + 2, true);
    this.#weights = file.subarray(weightsAt, vectorsAt);
    this.#vectors = Int8Array.from(file.subarray(vectorsAt));
  }

  /** The weighted sum of the distinct subjects' vectors, of length 1; undefined when no token is about anything. */
  direction(tokens: Iterable<number>): Float64Array | undefined {
    const sum = new Float64Array(this.#dimensions);
    const seen = new Set<number>();
    for (const token of tokens) {
      const row = this.#rows[token] ?? -1;
      if (row < 0 || seen.has(row)) continue;
      seen.add(row);
      const weight = this.#weights[row] ?? 0;
      const start = row * this.#dimensions;
      for (let d = 0; d < sum.length; d++) sum[d] = (sum[d] ?? 0) + weight * (this.#vectors[start + d] ?? 0);
    }
    const length = Math.sqrt(dot(sum, sum));
    return length === 0 ? undefined : sum.map((value) => value / length);
  }
}

/** Cosine of two directions. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

const headerSize = 10;
/** 'CPTP' */
const magic = 0x43505450;
