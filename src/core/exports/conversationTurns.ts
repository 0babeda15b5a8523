import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { DataRecord, Exchange, Role } from '../record/conversation';

export interface SpokenTurn {
  readonly role: Exclude<Role, 'tool'>;
  readonly text: string;
}

/** A prompt that every chat trainer takes: system first or not at all, then user and assistant in turn, the user last. */
export interface ChatPrompt {
  readonly system: string | undefined;
  /** Complete pairs before the last question. */
  readonly history: readonly (readonly [user: string, assistant: string])[];
  /** The last user turn, its texts joined by newlines. */
  readonly question: string;
}

export const exportReasons = {
  noResponse: 'has no response',
  emptyResponse: 'its response is empty',
  tools: 'has tool turns, which this format would lose',
  roleOrder: 'its turns do not alternate between user and assistant',
  noPrompt: 'has no user turn',
  notText: 'a text in it is not a string',
} as const;

/** The exchange that exports show: the first one. */
export function shownExchange(record: DataRecord): Result<Exchange> {
  const [exchange] = record.exchanges;
  if (exchange === undefined) return fail(exportReasons.noResponse);
  if (exchange.response.text.trim() === '') return fail(exportReasons.emptyResponse);
  return ok(exchange);
}

/** The prompt and the response that a chat trainer would read from a record; the reason when it could not. */
export function shownChat(record: DataRecord): Result<{ readonly exchange: Exchange; readonly chat: ChatPrompt }> {
  const exchange = shownExchange(record);
  if (!exchange.ok) return exchange;
  const chat = chatPrompt(record, exchange.value);
  return chat.ok ? ok({ exchange: exchange.value, chat: chat.value }) : chat;
}

/** Reads a prompt as a chat; the reason when it is none. */
export function chatPrompt(record: DataRecord, exchange: Exchange): Result<ChatPrompt> {
  if (record.problems.some(({ rule }) => rule === 'not-text' || rule === 'unknown-role')) return fail(exportReasons.notText);
  const turns: SpokenTurn[] = [];
  for (const { role, text } of exchange.prompt) {
    if (role === 'tool') return fail(exportReasons.tools);
    const last = turns.at(-1);
    if (text === '') continue;
    if (last?.role === role) turns[turns.length - 1] = { role, text: `${last.text}\n${text}` };
    else turns.push({ role, text });
  }
  return toChat(turns);
}

/** The same as a list of messages, system first. */
export function chatMessages({ system, history, question }: ChatPrompt): SpokenTurn[] {
  return [
    ...(system === undefined ? [] : [{ role: 'system' as const, text: system }]),
    ...history.flatMap(([user, assistant]) => [
      { role: 'user' as const, text: user },
      { role: 'assistant' as const, text: assistant },
    ]),
    { role: 'user', text: question },
  ];
}

function toChat(turns: readonly SpokenTurn[]): Result<ChatPrompt> {
  const [first] = turns;
  const system = first?.role === 'system' ? first.text : undefined;
  const talk = system === undefined ? turns : turns.slice(1);
  const question = talk.at(-1);
  if (question === undefined) return fail(exportReasons.noPrompt);
  if (talk.some(({ role }, index) => role !== (index % 2 === 0 ? 'user' : 'assistant')) || question.role !== 'user') return fail(exportReasons.roleOrder);
  const history: (readonly [string, string])[] = [];
  for (let index = 0; index + 1 < talk.length; index += 2) history.push([talk[index]?.text ?? '', talk[index + 1]?.text ?? '']);
  return ok({ system, history, question: question.text });
}
