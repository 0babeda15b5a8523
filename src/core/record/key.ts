import { hash128 } from '../../base/hash';
import type { Exchange, Role, Turn } from './conversation';

type CanonicalTurn = readonly [role: Role, text: string];

/**
 * 32 hex digits over a prompt and one response to it. The same conversation gives the same key in every shape,
 * whatever its field names, key order, escapes or extra fields; any change of text or role gives another.
 */
export function exchangeKey(prompt: readonly Turn[], response: string): string {
  return hashTurns([...canonicalTurns(prompt), ['assistant', response]]);
}

/** 32 hex digits over a prompt alone: what joins teachers and files. */
export function promptKey(prompt: readonly Turn[]): string {
  return hashTurns(canonicalTurns(prompt));
}

/** Over all candidates of a record; with one candidate it is that exchange's key, with none the prompt's key. */
export function recordKey(prompt: readonly Turn[], exchanges: readonly Exchange[]): string {
  const [only, second] = exchanges;
  if (only === undefined) return promptKey(prompt);
  return second === undefined ? only.key : hash128(JSON.stringify(exchanges.map((exchange) => exchange.key)));
}

/** Empty texts say nothing and are left out; neighbours of one role are one turn, joined by a newline. */
function canonicalTurns(turns: readonly Turn[]): CanonicalTurn[] {
  const canonical: [Role, string][] = [];
  for (const { role, text } of turns) {
    if (text === '') continue;
    const last = canonical.at(-1);
    if (last?.[0] === role) last[1] += `\n${text}`;
    else canonical.push([role, text]);
  }
  return canonical;
}

// JSON.stringify escapes lone surrogates, which plain UTF-8 would fold into one another.
function hashTurns(turns: readonly CanonicalTurn[]): string {
  return hash128(JSON.stringify(turns));
}
