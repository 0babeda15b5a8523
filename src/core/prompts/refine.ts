import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { Turn } from '../record/conversation';
import type { ChatMessage } from './chat';

/**
 * Refining a response by introspection, after "Long Is More for Alignment" (arXiv 2402.04833): the teacher first says
 * what is wrong with the answer, then rewrites it between two marks. Asked at temperature 0.
 */

/** Names the wording below; part of a response's provenance. */
export const refineTemplate = 'refine@1';

export const refineTemperature = 0;

const system =
  'You are a picky quality checker of answers given by an AI assistant. You find what is weak in an answer and then write a better one.';

const task = `Do two things.
(1) Say why the answer is not good. Look at its helpfulness, relevance, accuracy, level of detail and structure.
(2) Write a better answer with the same content, improved on each of these points. Put nothing but the better answer between the two marks, like this:
[Better Answer]
the better answer
[End]`;

const roleNames = { system: 'System', user: 'User', assistant: 'Assistant', tool: 'Tool' } as const;

/** `prompt` is what stands before the response; earlier turns of a conversation are quoted with their roles. */
export function buildRefineMessages(prompt: readonly Turn[], response: string): readonly ChatMessage[] {
  const parts = [...promptParts(prompt), section('Answer', response), task];
  return [
    { role: 'system', content: system },
    { role: 'user', content: parts.join('\n\n') },
  ];
}

function promptParts(prompt: readonly Turn[]): readonly string[] {
  const lastTurn = prompt.findLastIndex((turn) => turn.role === 'user' && turn.part !== 'input');
  const earlier = prompt.slice(0, Math.max(lastTurn, 0)).filter((turn) => turn.text !== '');
  const present = prompt.slice(Math.max(lastTurn, 0)).filter((turn) => turn.text !== '');
  const quoted = earlier.map((turn) => `${roleNames[turn.role]}: ${turn.text}`).join('\n\n');
  return [
    ...(quoted === '' ? [] : [section('Conversation so far', quoted)]),
    ...present.map((turn) => section(turn.part === 'input' ? 'Input' : 'Instruction', turn.text)),
  ];
}

function section(name: string, text: string): string {
  return `[${name}]\n${text}`;
}

const opening = '[Better Answer]';
const closing = '[End]';
const segment = /\[Better Answer\]([\s\S]*?)\[End\]/g;

/** The better answer out of a teacher's reply: exactly one `[Better Answer] … [End]` segment that is not empty. */
export function parseRefineReply(reply: string): Result<string> {
  const segments = [...reply.matchAll(segment)];
  if (segments.length === 0) return fail('the reply holds no [Better Answer] … [End] segment');
  if (segments.length > 1) return fail(`the reply holds ${segments.length} [Better Answer] … [End] segments instead of one`);
  const better = segments[0]?.[1]?.trim() ?? '';
  if (better.includes(opening)) return fail('the reply opens [Better Answer] twice before [End]');
  if (count(reply, opening) > 1 || count(reply, closing) > 1) return fail('the reply opens or closes a segment more than once');
  return better === '' ? fail('the better answer in the reply is empty') : ok(better);
}

function count(text: string, mark: string): number {
  return text.split(mark).length - 1;
}
