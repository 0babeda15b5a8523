/** Does `ids` begin with all of `head`? */
export function startsWith(ids: readonly number[], head: readonly number[]): boolean {
  return head.length <= ids.length && head.every((id, i) => id === ids[i]);
}

/** `response has 1 token`. */
export function tokenCount(part: 'response' | 'prompt', tokens: number): string {
  return `${part} has ${tokens} token${tokens === 1 ? '' : 's'}`;
}
