import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { ChatMessage } from './chat';

/**
 * Rating one response, after AlpaGasus (arXiv 2307.08701): the accuracy of the response from 0 to 5, the number alone on
 * the first line, the explanation after it. Asked at temperature 0. AlpaGasus keeps what has 4.5 or more.
 */

/** Names the wording and the reading below; part of a rating's scorer id. */
export const judgeTemplate = 'alpagasus@1';

export const judgeTemperature = 0;

export const judgeScale = { lowest: 0, highest: 5 } as const;

const task = `Rate the accuracy of the response to the instruction and its input, on a scale from 0 to 5; a higher number means higher accuracy.
Write the number alone on the first line. On the lines after it explain your rating, and avoid any bias.`;

/** What is judged: the prompt under the `plain` template, which ends with `input` where there is one. */
export interface JudgedExchange {
  readonly prompt: string;
  readonly input?: string;
  readonly response: string;
}

export function buildJudgeMessages(exchange: JudgedExchange): readonly ChatMessage[] {
  return [
    {
      role: 'system',
      content: `You give feedback on how an AI assistant responded to the instruction and the input below.\n\n${quotePrompt(exchange)}\n\n[Response]\n${exchange.response}`,
    },
    { role: 'user', content: task },
  ];
}

export function quotePrompt({ prompt, input }: Pick<JudgedExchange, 'prompt' | 'input'>): string {
  const tail = `\n${input ?? ''}`;
  if (input === undefined || input === '' || !prompt.endsWith(tail)) return `[Instruction]\n${prompt}`;
  return `[Instruction]\n${prompt.slice(0, -tail.length)}\n\n[Input]\n${input}`;
}

const number = String.raw`(-?\d+(?:\.\d+)?)`;
const alone = new RegExp(String.raw`^[*_\s]*${number}[*_\s]*$`);
const named = new RegExp(String.raw`score\b[*_\s]*:[*_\s]*${number}`, 'i');

/** The rating in a judge's reply: the first line as a number, else the number after "score:". */
export function parseJudgeReply(reply: string): Result<number> {
  const found = alone.exec(reply.trim().split('\n')[0] ?? '')?.[1] ?? named.exec(reply)?.[1];
  if (found === undefined) return fail('the judge gave no number on its first line and none after "score:"');
  const rating = Number(found);
  const { lowest, highest } = judgeScale;
  return rating >= lowest && rating <= highest ? ok(rating) : fail(`the judge gave ${found}, outside the scale from ${lowest} to ${highest}`);
}
