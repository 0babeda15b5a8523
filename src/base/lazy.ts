/** Computes on first use and remembers; a throwing `compute` is tried again next time. */
export function lazy<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => (known ??= { value: compute() }).value;
}
