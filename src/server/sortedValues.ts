/** Many numbers in ascending order. Single changes move memory, many at once are merged in. */
export class SortedValues {
  #values = new Float64Array(0);
  #length = 0;
  readonly #added: number[] = [];
  readonly #removed: number[] = [];

  add(value: number): void {
    this.#added.push(value);
  }

  /** Takes away one of the values equal to `value`, which must be among them. */
  remove(value: number): void {
    this.#removed.push(value);
  }

  clear(): void {
    this.#length = 0;
    this.#added.length = 0;
    this.#removed.length = 0;
  }

  /** Undefined for no values. */
  get lowest(): number | undefined {
    this.#merge();
    return this.#length > 0 ? this.#values[0] : undefined;
  }

  /** As they are now; good until the next change. */
  get sorted(): Float64Array {
    this.#merge();
    return this.#values.subarray(0, this.#length);
  }

  #merge(): void {
    if (this.#added.length === 0 && this.#removed.length === 0) return;
    const added = Float64Array.from(this.#added).sort();
    const removed = Float64Array.from(this.#removed).sort();
    this.#added.length = 0;
    this.#removed.length = 0;
    if (added.length + removed.length <= few) this.#moveIn(added, removed);
    else this.#mergeAll(added, removed);
  }

  #moveIn(added: Float64Array, removed: Float64Array): void {
    this.#reserve(this.#length + added.length);
    const values = this.#values;
    for (const value of added) {
      const at = firstFrom(values, this.#length, value);
      values.copyWithin(at + 1, at, this.#length);
      values[at] = value;
      this.#length += 1;
    }
    for (const value of removed) {
      const at = firstFrom(values, this.#length, value);
      if (values[at] !== value) continue;
      values.copyWithin(at, at + 1, this.#length);
      this.#length -= 1;
    }
  }

  #mergeAll(added: Float64Array, removed: Float64Array): void {
    const before = this.#values.subarray(0, this.#length);
    const values = new Float64Array(roomFor(before.length + added.length));
    let [length, from, taken, gone] = [0, 0, 0, 0];
    while (from < before.length || taken < added.length) {
      const [old = Infinity, fresh = Infinity] = [before[from], added[taken]];
      const value = taken >= added.length || (from < before.length && old <= fresh) ? old : fresh;
      if (value === old && from < before.length) from += 1;
      else taken += 1;
      while (gone < removed.length && (removed[gone] ?? 0) < value) gone += 1;
      if (removed[gone] === value) gone += 1;
      else values[length++] = value;
    }
    this.#values = values;
    this.#length = length;
  }

  #reserve(length: number): void {
    if (length <= this.#values.length) return;
    const longer = new Float64Array(roomFor(length));
    longer.set(this.#values.subarray(0, this.#length));
    this.#values = longer;
  }
}

/** So many changes cost less one by one than in a pass through all values. */
const few = 8;

function roomFor(length: number): number {
  return Math.ceil(length * 1.25) + 16;
}

/** Index of the first value that is not below `value`. */
function firstFrom(values: Float64Array, length: number, value: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
