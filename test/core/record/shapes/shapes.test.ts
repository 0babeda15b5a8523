import { describe, expect, it } from 'vitest';
import { outline, readOk } from '../support/readOk';

const user = (content: unknown) => ({ role: 'user', content });
const assistant = (content: unknown) => ({ role: 'assistant', content });

const readings: readonly (readonly [what: string, root: object, expected: readonly string[]])[] = [
  ['Alpaca', { instruction: 'Translate.', input: 'Haus', output: 'House' }, ['user instruction: Translate.', 'user input: Haus', '→ response output: House']],
  [
    'Alpaca with system and history',
    { system: 'Be brief.', history: [['Hi', 'Hello']], instruction: 'Translate.', input: null, output: 'House' },
    ['system system: Be brief.', 'user history.0.0: Hi', 'assistant history.0.1: Hello', 'user instruction: Translate.', '→ response output: House'],
  ],
  ['Alpaca without a response', { instruction: 'Translate.' }, ['user instruction: Translate.', '! no-response']],
  ['Alpaca with numbers', { instruction: 7, output: null }, ['! not-text at instruction', '! not-text at output', '! empty-prompt', '! no-response']],
  ['Alpaca with nothing in it', { instruction: ' ', input: '', output: '\n' }, ['user instruction:  ', 'user input: ', '→ response output: \n', '! empty-prompt', '! empty-response at output']],
  ['a history that is none', { instruction: 'a', output: 'b', history: [['only one'], 'text'] }, ['user instruction: a', '→ response output: b', '! not-text at history.0', '! not-text at history.1']],
  [
    'messages over several turns',
    { messages: [{ role: 'developer', content: 'Be brief.' }, user('Hi'), assistant('Hello'), user('Bye'), assistant('See you')] },
    ['system messages.0.content: Be brief.', 'user messages.1.content: Hi', 'assistant messages.2.content: Hello', 'user messages.3.content: Bye', '→ response messages.4.content: See you'],
  ],
  [
    'messages with parts',
    { messages: [user([{ type: 'text', text: 'What is this?' }, { type: 'image_url', image_url: { url: 'x' } }]), assistant([{ type: 'reasoning', value: 'hm' }, { type: 'text', value: 'A cat' }])] },
    ['user messages.0.content.0.text: What is this?', '→ response messages.1.content.1.value: A cat'],
  ],
  [
    'messages with tools',
    { messages: [user('Rain?'), { role: 'assistant', content: null, tool_calls: [{ id: 'x' }] }, { role: 'tool', content: 'yes' }, { role: 'tool', content: 'no' }, assistant('It rains.')] },
    ['user messages.0.content: Rain?', 'tool messages.2.content: yes', 'tool messages.3.content: no', '→ response messages.4.content: It rains.'],
  ],
  ['messages that end with a call', { messages: [user('Rain?'), { role: 'assistant', content: '', tool_calls: [] }] }, ['user messages.0.content: Rain?', '! no-response at messages']],
  ['messages that end with the user', { messages: [user('a'), assistant('b'), user('c')] }, ['user messages.0.content: a', 'assistant messages.1.content: b', 'user messages.2.content: c', '! no-response at messages']],
  ['messages in disorder', { messages: [assistant('b'), user('a'), user('a2'), { role: 'system', content: 's' }, assistant('c')] }, [
    'assistant messages.0.content: b',
    'user messages.1.content: a',
    'user messages.2.content: a2',
    'system messages.3.content: s',
    '→ response messages.4.content: c',
    '! role-order at messages.0',
    '! role-order at messages.2',
    '! role-order at messages.3',
    '! role-order at messages.4',
  ]],
  ['messages that are none', { messages: ['hi', { role: 'wizard', content: 'x' }, { content: 'y' }, { role: 'user' }, { role: 'assistant', content: 5 }] }, [
    '! not-text at messages.0',
    '! unknown-role at messages.1.role',
    '! unknown-role at messages.2',
    '! not-text at messages.3',
    '! not-text at messages.4.content',
    '! no-response at messages',
    '! empty-prompt',
  ]],
  ['no messages', { messages: [] }, ['! empty-prompt', '! no-response']],
  [
    'ShareGPT',
    { system: 'Be brief.', conversations: [{ from: 'human', value: 'Rain?' }, { from: 'function_call', value: '{}' }, { from: 'observation', value: 'yes' }, { from: 'gpt', value: 'It rains.' }] },
    ['system system: Be brief.', 'user conversations.0.value: Rain?', 'assistant conversations.1.value: {}', 'tool conversations.2.value: yes', '→ response conversations.3.value: It rains.'],
  ],
  ['pairs', { conversation: [{ human: 'a', assistant: 'b' }, { human: 'c', assistant: 'd' }] }, [
    'user conversation.0.human: a',
    'assistant conversation.0.assistant: b',
    'user conversation.1.human: c',
    '→ response conversation.1.assistant: d',
  ]],
  ['prompt and completion', { prompt: 'a', completion: 'b', label: false }, ['user prompt: a', '→ response completion: b']],
  ['prompt and completion as messages', { prompt: [user('a')], completion: [assistant('b')] }, ['user prompt.0.content: a', '→ response completion.0.content: b']],
  ['query and response', { system: 's', history: [['q', 'r']], query: 'a', response: 'b' }, [
    'system system: s',
    'user history.0.0: q',
    'assistant history.0.1: r',
    'user query: a',
    '→ response response: b',
  ]],
  ['data-juicer', { instruction: 'i', query: 'a', response: 'b' }, ['user instruction: i', 'user query: a', '→ response response: b']],
  ['OpenOrca', { system_prompt: 's', question: 'a', response: 'b' }, ['system system_prompt: s', 'user question: a', '→ response response: b']],
  ['Magpie with several responses', { instruction: 'a', responses: ['b', 4, 'd'] }, ['user instruction: a', '→ responses[0] responses.0: b', '→ responses[2] responses.2: d', '! not-text at responses.1']],
  ['Magpie with responses that are no list', { instruction: 'a', responses: 'b' }, ['user instruction: a', '! not-text at responses', '! no-response']],
  [
    'Self-Instruct',
    { instruction: 'Add.', instances: [{ input: '1+1', output: '2' }, { input: '2+2', output: '4' }, { input: '3+3' }, 'x'] },
    [
      'user instruction: Add.',
      'user instances.0.input: 1+1',
      '→ instances[0] instances.0.output: 2',
      '(instances[1] asks)',
      'user instruction: Add.',
      'user instances.1.input: 2+2',
      '→ instances[1] instances.1.output: 4',
      '! no-response at instances.2',
      '! not-text at instances.3',
    ],
  ],
];

const preferences: readonly (readonly [what: string, root: object, expected: readonly string[]])[] = [
  ['strings', { prompt: 'a', chosen: 'b', rejected: 'c' }, ['user prompt: a', '→ chosen chosen: b', '→ rejected rejected: c']],
  ['message lists after a prompt', { prompt: [user('a')], chosen: [assistant('b')], rejected: [assistant('c')] }, [
    'user prompt.0.content: a',
    '→ chosen chosen.0.content: b',
    '→ rejected rejected.0.content: c',
  ]],
  ['whole conversations', { chosen: [user('a'), assistant('b')], rejected: [user('a'), assistant('c')] }, [
    'user chosen.0.content: a',
    '→ chosen chosen.1.content: b',
    '(rejected asks)',
    'user rejected.0.content: a',
    '→ rejected rejected.1.content: c',
  ]],
  ['a prompt that each side repeats', { prompt: 'a', chosen: [user('a'), assistant('b')], rejected: [user('a'), assistant('c')] }, [
    'user chosen.0.content: a',
    '→ chosen chosen.1.content: b',
    '(rejected asks)',
    'user rejected.0.content: a',
    '→ rejected rejected.1.content: c',
  ]],
  ['Alpaca fields', { system: 's', instruction: 'a', input: 'i', chosen: 'b', rejected: 'c' }, ['system system: s', 'user instruction: a', 'user input: i', '→ chosen chosen: b', '→ rejected rejected: c']],
  ['ShareGPT turns', { conversations: [{ from: 'human', value: 'a' }], chosen: { from: 'gpt', value: 'b' }, rejected: { from: 'gpt', value: 'c' } }, [
    'user conversations.0.value: a',
    '→ chosen chosen.value: b',
    '→ rejected rejected.value: c',
  ]],
  ["OpenAI's fields", { input: { messages: [user('a')], tools: [] }, preferred_output: [assistant('b')], non_preferred_output: [assistant('c')] }, [
    'user input.messages.0.content: a',
    '→ chosen preferred_output.0.content: b',
    '→ rejected non_preferred_output.0.content: c',
  ]],
  ["ms-swift's fields", { messages: [user('a'), assistant('b')], rejected_response: 'c' }, ['user messages.0.content: a', '→ chosen messages.1.content: b', '→ rejected rejected_response: c']],
  ['a side without an answer', { prompt: 'a', chosen: [], rejected: 'c' }, ['user prompt: a', '→ rejected rejected: c', '! no-response at chosen']],
  ['sides of the wrong type', { prompt: 'a', chosen: 1, rejected: null }, ['user prompt: a', '! not-text at chosen', '! not-text at rejected', '! no-response']],
];

describe('what a shape reads', () => {
  it.each(readings)('%s', (_what, root, expected) => {
    expect(outline(readOk(root))).toEqual(expected);
  });
});

describe('what a preference record reads', () => {
  it.each(preferences)('%s', (_what, root, expected) => {
    expect(outline(readOk(root))).toEqual(expected);
  });
});

describe('what a problem says', () => {
  it('names the field and what it holds instead', () => {
    expect(readOk({ messages: [user('a'), assistant({ nested: true })] }).problems[0]?.message).toBe('`messages[1].content` must be a string; it is an object.');
  });

  it('quotes an unknown role escaped and cut off', () => {
    const [problem] = readOk({ messages: [{ role: `<b>"\n${'x'.repeat(100)}`, content: 'a' }] }).problems;
    expect(problem?.message).toBe(`The role "<b>\\"\\n${'x'.repeat(35)}…" is unknown: write system, user, assistant or tool (ShareGPT: human, gpt, function_call, observation).`);
  });
});
