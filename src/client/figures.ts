import { formatCount } from '../core/scores/format';

/** Figures that only the interface needs, beside those of `core/scores/format`. */

/** `950`, `61k`, `1.2M`. */
export function about(value: number): string {
  if (value < 1000) return String(Math.round(value));
  if (value < 999_500) return `${oneDigitBelowTen(value / 1000)}k`;
  return `${oneDigitBelowTen(value / 1_000_000)}M`;
}

/** Tokens of texts, guessed at four characters each: enough to tell a cent from a dollar before asking. */
export function roughTokens(texts: Iterable<string>): number {
  let tokens = 0;
  for (const text of texts) tokens += Math.ceil(text.length / 4);
  return tokens;
}

/** Each reason once with how often it was met, most common first: `no such instruction (12), timed out`. */
export function reasonsWithCounts(reasons: readonly string[]): string {
  const times = new Map<string, number>();
  for (const reason of reasons) times.set(reason, (times.get(reason) ?? 0) + 1);
  return [...times]
    .sort(([, a], [, b]) => b - a)
    .map(([reason, n]) => (n === 1 ? reason : `${reason} (${formatCount(n)})`))
    .join(', ');
}

function oneDigitBelowTen(value: number): string {
  return value < 9.95 ? String(Number(value.toFixed(1))) : String(Math.round(value));
}
