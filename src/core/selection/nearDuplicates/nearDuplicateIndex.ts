/** How a signature is cut up: sets that agree in all rows of one band become candidates. */
export interface Bands {
  readonly bands: number;
  readonly rows: number;
}

/** 25 bands of 5 of the 128 places: a pair of similarity .8 is missed once in 20,000, and one of .3 looked at once in 17. */
export const defaultBands: Bands = { bands: 25, rows: 5 };

/**
 * Locality-sensitive hashing of MinHash signatures: which sets may be alike, without comparing all with all. Takes 8 bytes a band
 * and set, in arrays that grow by half. Candidates still have to be compared: some are not alike.
 */
export class NearDuplicateIndex {
  readonly #bands: Bands;
  /** The entry's band hash, at `entry · bands + band`. */
  #hashes = new Uint32Array(0);
  /** The next entry of the same slot in the same band, plus one; 0 ends the chain. */
  #next = new Uint32Array(0);
  /** The first entry of each slot, plus one, at `band · slots + slot`. */
  #heads: Uint32Array;
  #slots = 1024;
  readonly #ids: number[] = [];
  readonly #entries = new Map<number, number>();

  constructor(bands: Bands = defaultBands) {
    this.#bands = bands;
    this.#heads = new Uint32Array(bands.bands * this.#slots);
  }

  /** Sets in the index. */
  get size(): number {
    return this.#entries.size;
  }

  has(id: number): boolean {
    return this.#entries.has(id);
  }

  /** @throws when the id is there already, or the signature too short. */
  add(id: number, signature: Uint32Array): void {
    if (this.#entries.has(id)) throw new Error(`The index holds ${id} already: remove it first.`);
    const hashes = this.#bandHashes(signature);
    const entry = this.#ids.length;
    this.#makeRoom(entry + 1);
    this.#ids.push(id);
    this.#entries.set(id, entry);
    this.#hashes.set(hashes, entry * this.#bands.bands);
    this.#link(entry);
  }

  /** Its room is used again once half of the room is unused. */
  remove(id: number): void {
    if (!this.#entries.delete(id)) return;
    if (this.#ids.length > 1024 && this.#entries.size < this.#ids.length / 2) this.#compact();
  }

  /** Ids that share a band with the signature, ascending. A set's own id is among them once it is in the index. */
  candidates(signature: Uint32Array): number[] {
    const hashes = this.#bandHashes(signature);
    const found = new Set<number>();
    for (const [band, hash] of hashes.entries()) {
      for (let entry = this.#heads[this.#slotOf(band, hash)] ?? 0; entry !== 0; entry = this.#next[(entry - 1) * this.#bands.bands + band] ?? 0) {
        const id = this.#ids[entry - 1] ?? -1;
        if (this.#hashes[(entry - 1) * this.#bands.bands + band] === hash && this.#entries.get(id) === entry - 1) found.add(id);
      }
    }
    return [...found].sort((a, b) => a - b);
  }

  #bandHashes(signature: Uint32Array): Uint32Array {
    const { bands, rows } = this.#bands;
    if (signature.length < bands * rows) throw new Error(`A signature of ${signature.length} places cannot be cut into ${bands} bands of ${rows}.`);
    const hashes = new Uint32Array(bands);
    for (let band = 0; band < bands; band++) {
      let hash = band + 1;
      for (let row = 0; row < rows; row++) {
        hash = Math.imul(hash ^ (signature[band * rows + row] ?? 0), 0x9e3779b1);
        hash ^= hash >>> 15;
      }
      hashes[band] = hash;
    }
    return hashes;
  }

  #slotOf(band: number, hash: number): number {
    return band * this.#slots + (hash % this.#slots);
  }

  #link(entry: number): void {
    const { bands } = this.#bands;
    for (let band = 0; band < bands; band++) {
      const slot = this.#slotOf(band, this.#hashes[entry * bands + band] ?? 0);
      this.#next[entry * bands + band] = this.#heads[slot] ?? 0;
      this.#heads[slot] = entry + 1;
    }
  }

  #makeRoom(entries: number): void {
    const { bands } = this.#bands;
    if (entries * bands > this.#hashes.length) {
      const room = Math.max(256, Math.ceil(entries * 1.5)) * bands;
      this.#hashes = grown(this.#hashes, room);
      this.#next = grown(this.#next, room);
    }
    if (entries <= this.#slots) return;
    this.#slots *= 4;
    this.#heads = new Uint32Array(bands * this.#slots);
    for (let entry = 0; entry < entries - 1; entry++) this.#link(entry);
  }

  #compact(): void {
    const { bands } = this.#bands;
    const live = [...this.#entries].sort(([, a], [, b]) => a - b);
    this.#heads.fill(0);
    this.#ids.length = 0;
    for (const [entry, [id, before]] of live.entries()) {
      this.#hashes.copyWithin(entry * bands, before * bands, (before + 1) * bands);
      this.#ids.push(id);
      this.#entries.set(id, entry);
      this.#link(entry);
    }
  }
}

function grown(values: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(length);
  larger.set(values);
  return larger;
}
