/**
 * What a reader remembers while going through a text: how often each token followed the last one and the last two.
 * Mixed with the static model it shows how much a prompt, or the text's own beginning, helps with what comes next.
 * One instance serves every record: `reset` forgets in constant time.
 */
export class ContextMemory {
  readonly #keys = new Uint32Array(slots);
  readonly #counts = new Uint16Array(slots);
  /** A slot counts only when its stamp is the current round. */
  readonly #stamps = new Uint32Array(slots);
  #round = 0;
  #seen = 0;
  #previous = noToken;
  #before = noToken;

  reset(): void {
    this.#round += 1;
    this.#seen = 0;
    this.#previous = noToken;
    this.#before = noToken;
  }

  /** −ln p(token) in nats given everything read since `reset`, where `cost` is the static model's; then reads the token. */
  read(token: number, cost: number): number {
    let p = Math.exp(-cost);
    const uni = hash(1, 0, token);
    const biContext = hash(2, 0, this.#previous);
    const bi = hash(3, this.#previous, token);
    const triContext = hash(4, this.#before, this.#previous);
    const tri = hash(5, pair(this.#before, this.#previous), token);
    if (this.#seen > 0) {
      p = 0.9 * p + 0.1 * (this.#count(uni) / (this.#seen + 20));
      const followers = this.#count(biContext);
      if (followers > 0) p = mix(p, this.#count(bi), followers, 1.5);
      const followersOfTwo = this.#count(triContext);
      if (followersOfTwo > 0) p = mix(p, this.#count(tri), followersOfTwo, 0.6);
    }
    this.#learn(uni);
    this.#learn(biContext);
    this.#learn(bi);
    this.#learn(triContext);
    this.#learn(tri);
    this.#seen += 1;
    this.#before = this.#previous;
    this.#previous = token;
    return -Math.log(p);
  }

  #slot(key: number): number {
    let slot = (key ^ (key >>> 15)) & (slots - 1);
    while (this.#stamps[slot] === this.#round && this.#keys[slot] !== key) slot = (slot + 1) & (slots - 1);
    return slot;
  }

  #count(key: number): number {
    const slot = this.#slot(key);
    return this.#stamps[slot] === this.#round ? (this.#counts[slot] ?? 0) : 0;
  }

  #learn(key: number): void {
    const slot = this.#slot(key);
    if (this.#stamps[slot] === this.#round) {
      this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
    } else {
      this.#stamps[slot] = this.#round;
      this.#keys[slot] = key;
      this.#counts[slot] = 1;
    }
  }
}

/** Five keys a token over two windows of 1,024 tokens fill less than a third of this. */
const slots = 1 << 15;
const noToken = 0xffff;

/** Witten–Bell-like: the more often a context was seen, the more it is believed over `p`. */
function mix(p: number, count: number, total: number, doubt: number): number {
  return (count + doubt * p) / (total + doubt);
}

function pair(a: number, b: number): number {
  return (Math.imul(a, 0x9e3779b1) ^ b) >>> 0;
}

function hash(kind: number, a: number, b: number): number {
  let h = Math.imul(kind, 0x27d4eb2f) ^ Math.imul(a, 0x85ebca6b) ^ Math.imul(b, 0x9e3779b1);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 13;
  return h >>> 0;
}
