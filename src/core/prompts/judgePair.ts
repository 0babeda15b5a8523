import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { ChatMessage } from './chat';
import { quotePrompt, type JudgedExchange } from './judge';

/**
 * Comparing two responses to one prompt. A judge prefers a place: swapping the order changed a quarter of GPT-4's published
 * verdicts and two thirds of GPT-3.5's. So both orders are asked, and a disagreement is a tie. Asked at temperature 0.
 */

/** Names the wording and the reading below. */
export const judgePairTemplate = 'judgePair@1';

export const judgePairTemperature = 0;

const system = 'You compare two responses of AI assistants to the same prompt, and say which one serves the user better.';

const task = `Compare the two responses in helpfulness, relevance, accuracy and level of detail. Give each an overall score from 1 to 10; a higher score means better overall performance.
Write the two scores alone on the first line, that of response 1 first, with a space between them. On the lines after it explain your comparison; let neither the order nor the length of the responses sway you.`;

export type PairVerdict = 'first' | 'second' | 'tie';

export function buildPairMessages(prompt: Pick<JudgedExchange, 'prompt' | 'input'>, first: string, second: string): readonly ChatMessage[] {
  return [
    { role: 'system', content: system },
    { role: 'user', content: [quotePrompt(prompt), `[Response 1]\n${first}`, `[Response 2]\n${second}`, task].join('\n\n') },
  ];
}

const scores = /^[*_\s]*(\d+(?:\.\d+)?)[*_\s]*[,;/|\s][*_\s]*(\d+(?:\.\d+)?)[*_\s]*$/;

/** The verdict on the order that was asked. */
export function parsePairReply(reply: string): Result<PairVerdict> {
  const [, first, second] = scores.exec(reply.trim().split('\n')[0] ?? '') ?? [];
  if (first === undefined || second === undefined) return fail('the judge gave no two scores on its first line');
  if ([first, second].some((score) => Number(score) < 1 || Number(score) > 10)) return fail(`the judge gave ${first} and ${second}, outside the scale from 1 to 10`);
  return ok(Number(first) > Number(second) ? 'first' : Number(first) < Number(second) ? 'second' : 'tie');
}

/** `swapped` is the verdict when the second response was shown first. */
export function combineOrders(asGiven: PairVerdict, swapped: PairVerdict): { readonly verdict: PairVerdict; readonly agreed: boolean } {
  const turned = swapped === 'tie' ? 'tie' : swapped === 'first' ? 'second' : 'first';
  return asGiven === turned ? { verdict: asGiven, agreed: true } : { verdict: 'tie', agreed: false };
}
