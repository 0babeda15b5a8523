import type { Random } from './random';

/** Lines as datasets have them and as nobody should have them. */
export function line(random: Random): string {
  return random.pick(lineMakers)(random);
}

export function lines(random: Random, count: number, end: string): string {
  return Array.from({ length: count }, () => line(random)).join(end);
}

const lineMakers: readonly ((random: Random) => string)[] = [
  alpaca,
  alpaca,
  alpaca,
  (random) => JSON.stringify({ messages: [{ role: 'user', content: words(random) }, { role: 'assistant', content: words(random) }] }),
  (random) => JSON.stringify({ conversations: [{ from: 'human', value: words(random) }, { from: 'gpt', value: words(random) }] }),
  (random) => JSON.stringify({ prompt: words(random), chosen: words(random), rejected: words(random) }),
  (random) => JSON.stringify({ prompt: words(random), completion: words(random) }),
  (random) => alpaca(random).replaceAll('"', "'"),
  (random) => alpaca(random).replace('}', ',}'),
  (random) => alpaca(random).replace(/"output":".*"/, '"output":NaN'),
  (random) => alpaca(random) + alpaca(random),
  (random) => alpaca(random).slice(0, random.below(60)),
  (random) => '['.repeat(random.below(3000)),
  (random) => `\uFEFF${alpaca(random)}`,
  () => '',
  () => '   ',
  () => 'null',
  () => '[1,2]',
  () => '{"a":1,"a":2}',
  () => '{"instruction":"","input":"","output":""}',
  () => '{"__proto__":{"x":1},"constructor":3,"instruction":"who","output":"me"}',
  () => '{"instruction":"lone \\ud83d half","output":"\\udc00"}',
];

function alpaca(random: Random): string {
  return JSON.stringify({ instruction: words(random), input: random.below(3) === 0 ? words(random) : '', output: words(random) });
}

/** Few enough that records repeat. */
export function words(random: Random): string {
  return Array.from({ length: 1 + random.below(5) }, () => random.pick(vocabulary)).join(' ');
}

/** A piece that somebody types or pastes in the middle of a line. */
export function fragment(random: Random): string {
  return random.pick(fragments);
}

const vocabulary = ['Say', 'why', 'hello', 'the number', 'größer', '你好', '👩‍🚀', '**bold**', '<b>', '](command:x)', 'a\nb', 'tab\t', '"quoted"', '\\', 'I cannot help with that.', 'Ã©', '\u0007', '\u2028'];
const fragments = ['a', ' ', '"', '{', '}', ',', ':', '\\', '\\u00', '[', 'é', '👍', '\ud83d', '\udc4d', '\u0000', '\uFEFF', 'output', '"output":"x"', '}{', 'NaN', "'", '\t', 'x'.repeat(500)];
