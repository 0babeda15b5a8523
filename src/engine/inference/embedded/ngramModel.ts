/**
 * A pruned trigram model over GPT-2 tokens with fixed back-off, read from `ngrams.bin` (layout and making:
 * models/recipe/build_ngrams.py). A rough idea of how expected a token is; the calibration does the rest.
 */
export class NgramModel {
  readonly #unigrams: Uint8Array;
  readonly #marks: Uint16Array;
  readonly #costs: Uint8Array;
  readonly #mask: number;

  /** Throws when `file` is not in the layout above. */
  constructor(file: Uint8Array) {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    if (file.byteLength < headerSize || view.getUint32(0) !== magic || view.getUint8(4) !== 1) {
      throw new Error('ngrams.bin is not in the form this version reads');
    }
    const slots = 2 ** view.getUint8(5);
    const vocabulary = view.getUint16(6, true);
    if (file.byteLength !== headerSize + vocabulary + 3 * slots) throw new Error('ngrams.bin is cut short');
    this.#unigrams = file.subarray(headerSize, headerSize + vocabulary);
    this.#marks = new Uint16Array(slots);
    for (let i = 0; i < slots; i++) this.#marks[i] = view.getUint16(headerSize + vocabulary + 2 * i, true);
    this.#costs = file.subarray(headerSize + vocabulary + 2 * slots);
    this.#mask = slots - 1;
  }

  /** −ln p(token) in nats. */
  unigram(token: number): number {
    return (this.#unigrams[token] ?? 255) / 16;
  }

  /** −ln p(token | previous) in nats. */
  bigram(previous: number, token: number): number {
    const cost = this.#find(noToken, previous, token);
    return cost === 0 ? backOff + this.unigram(token) : cost / 16;
  }

  /** −ln p(token | before, previous) in nats. */
  trigram(before: number, previous: number, token: number): number {
    const cost = this.#find(before, previous, token);
    return cost === 0 ? backOffFromTrigram + this.bigram(previous, token) : cost / 16;
  }

  /** The stored cost in sixteenths of a nat, or 0 where nothing is stored. */
  #find(a: number, b: number, c: number): number {
    let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
    h ^= h >>> 15;
    h = Math.imul(h, 0x2c1b3c6d);
    h ^= h >>> 12;
    h = Math.imul(h, 0x297a2d39);
    h ^= h >>> 15;
    const mark = h >>> 16 || 1;
    for (let slot = h & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const found = this.#marks[slot];
      if (found === mark) return this.#costs[slot] ?? 0;
      if (found === 0 || found === undefined) return 0;
    }
  }
}

const headerSize = 8;
/** 'CPNG' */
const magic = 0x43504e47;
const noToken = 0xffff;
/** −ln .4, the usual "stupid back-off"; a missing trigram is the rule rather than the exception, so it costs less. */
const backOff = 0.916;
const backOffFromTrigram = 0.2;
