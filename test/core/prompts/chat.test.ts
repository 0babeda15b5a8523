import { expect, it } from 'vitest';
import { buildChatMessages } from '../../../src/core/prompts/chat';
import { parseLine } from '../../../src/core/record/parseRecord';

/** The messages a teacher would be sent for the first exchange of a line. */
function messagesFor(record: unknown): readonly string[] {
  const parsed = parseLine(JSON.stringify(record));
  if (parsed.status !== 'ok') throw new Error(`not a record: ${parsed.status}`);
  return buildChatMessages(parsed.record.prompt).map(({ role, content }) => `${role}: ${content}`);
}

it.each([
  ['instruction and input share a message', { instruction: 'Translate.', input: 'Guten Tag', output: 'Good day' }, ['user: Translate.\nGuten Tag']],
  ['an empty input adds no newline', { instruction: 'Name a fruit.', input: '', output: 'Pear' }, ['user: Name a fruit.']],
  [
    'system text and earlier turns go first',
    { system: 'Be brief.', history: [['Hi', 'Hello']], instruction: 'Name a fruit.', input: '', output: 'Pear' },
    ['system: Be brief.', 'user: Hi', 'assistant: Hello', 'user: Name a fruit.'],
  ],
  [
    'only what stands before the last response is sent',
    { messages: [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: 'Hello' }, { role: 'user', content: 'Bye' }, { role: 'assistant', content: 'Farewell' }] },
    ['user: Hi', 'assistant: Hello', 'user: Bye'],
  ],
])('%s', (_, record, messages) => {
  expect(messagesFor(record)).toEqual(messages);
});

it('joins neighbours of one role and lets a tool speak as a user', () => {
  const messages = buildChatMessages([
    { role: 'system', text: 'One.' },
    { role: 'system', text: 'Two.' },
    { role: 'assistant', text: '' },
    { role: 'tool', text: '{"degrees": 4}' },
  ]);
  expect(messages).toEqual([
    { role: 'system', content: 'One.\nTwo.' },
    { role: 'user', content: '{"degrees": 4}' },
  ]);
});
