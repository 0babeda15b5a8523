/** A set of 32-bit keys that is emptied in constant time. Holds up to about 3,000 keys; more only make it slower. */
export class TokenSet {
  readonly #keys = new Uint32Array(slots);
  /** A slot counts only when its stamp is the current round. */
  readonly #stamps = new Uint32Array(slots);
  #round = 1;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  clear(): void {
    this.#round += 1;
    this.#size = 0;
  }

  add(key: number): void {
    const slot = this.#slot(key);
    if (this.#stamps[slot] === this.#round) return;
    this.#stamps[slot] = this.#round;
    this.#keys[slot] = key;
    this.#size += 1;
  }

  has(key: number): boolean {
    return this.#stamps[this.#slot(key)] === this.#round;
  }

  #slot(key: number): number {
    const mixed = Math.imul(key, 0x9e3779b1);
    let slot = (mixed ^ (mixed >>> 15)) & (slots - 1);
    while (this.#stamps[slot] === this.#round && this.#keys[slot] !== key) slot = (slot + 1) & (slots - 1);
    return slot;
  }
}

const slots = 1 << 13;

/** Two tokens as one key, exactly. */
export function pairKey(a: number, b: number): number {
  return ((a << 16) | b) >>> 0;
}

/** Three tokens as one key; two triples meet once in four thousand million. */
export function tripleKey(a: number, b: number, c: number): number {
  return (Math.imul(pairKey(a, b), 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35)) >>> 0;
}
