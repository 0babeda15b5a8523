/** Sorts in place; what is handed back is ascending without repetition. */
export function distinct(values: Uint32Array): Uint32Array {
  values.sort();
  let count = 0;
  for (const value of values) {
    if (count === 0 || values[count - 1] !== value) values[count++] = value;
  }
  return values.subarray(0, count);
}

/** The share that two ascending sets have in common, |A ∩ B| / |A ∪ B|; of two empty ones 0: they say nothing alike. */
export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let common = 0;
  for (let left = 0, right = 0; left < a.length && right < b.length; ) {
    const x = a[left] ?? 0;
    const y = b[right] ?? 0;
    if (x === y) common++;
    if (x <= y) left++;
    if (y <= x) right++;
  }
  const union = a.length + b.length - common;
  return union === 0 ? 0 : common / union;
}
