/**
 * A language model that fits in a test: word tokens, and probabilities counted over a few sentences, so that a test can add
 * up by hand what a server must say.
 */

const corpus = [
  'The capital of Spain is Madrid. It is a large city, and many people live in it.',
  'The capital of France is Lyon? No, it is Paris. It is a city, and people live in it.',
  'Name a fruit.\nA pear.\nName the capital of Spain.\nMadrid is the capital of Spain.',
];
const smoothing = 0.05;
const vocabulary = 50_000;
/** Below it stand the special tokens. */
const firstWord = 100;

const piece = / ?[\p{L}\p{N}]+|\s|[^\s\p{L}\p{N}]/gu;

export function tokensOf(text: string): readonly string[] {
  return text.match(piece) ?? [];
}

export function idsOf(text: string): readonly number[] {
  return tokensOf(text).map(idOf);
}

/** FNV-1a. */
function idOf(token: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(token)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return firstWord + (hash % (vocabulary - firstWord));
}

const counts = new Map<string, number>();
for (const text of corpus) {
  const ids = idsOf(text);
  for (const [i, id] of ids.entries()) {
    count(`${id}`);
    const next = ids[i + 1];
    if (next !== undefined) count(`${id} ${next}`);
  }
}

function count(what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

export function logProb(before: number, id: number): number {
  return Math.log(((counts.get(`${before} ${id}`) ?? 0) + smoothing) / ((counts.get(`${before}`) ?? 0) + smoothing * vocabulary));
}

/** One a token, the first null: it has nothing before it. */
export function logProbs(ids: readonly number[]): readonly (number | null)[] {
  return ids.map((id, i) => {
    const before = ids[i - 1];
    return before === undefined ? null : logProb(before, id);
  });
}

/** Nats of the tokens of `text` from `from` to `to`, each given the one before it. */
export function nats(text: string, from: number, to = tokensOf(text).length): number {
  return logProbs(idsOf(text))
    .slice(from, to)
    .reduce<number>((sum, value) => sum - (value ?? 0), 0);
}
