import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataRecord } from '../../../src/core/record/conversation';
import { parseLine } from '../../../src/core/record/parseRecord';
import { exportFormats, findFormat } from '../../../src/core/exports/formats';

function read(value: unknown): DataRecord {
  const parsed = parseLine(JSON.stringify(value));
  if (parsed.status !== 'ok') throw new Error(`no record: ${JSON.stringify(parsed)}`);
  return parsed.record;
}

/** The object written, or the reason why none is. */
function write(format: string, value: unknown): unknown {
  const written = findFormat(format)?.write(read(value));
  return written?.ok === true ? written.value : written?.reason;
}

const alpaca = { instruction: 'Name the capital.', input: 'France', output: 'Paris.', topic: 'geography' };
const chat = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello.' },
    { role: 'user', content: 'Who are you?' },
    { role: 'assistant', content: 'A clerk.' },
  ],
};
const pair = { prompt: 'Is 7 prime?', chosen: 'Yes: only 1 and 7 divide it.', rejected: 'No.' };
const chatPair = { conversations: [{ from: 'system', value: 'Be brief.' }, { from: 'human', value: 'Is 7 prime?' }], chosen: { from: 'gpt', value: 'Yes.' }, rejected: { from: 'gpt', value: 'No.' } };
const answer = (content: string): object[] => [{ role: 'assistant', content }];

describe('export formats write exactly their own fields', () => {
  it.each<[format: string, from: string, record: unknown, line: unknown]>([
    ['alpaca', 'Alpaca', alpaca, { instruction: 'Name the capital.', input: 'France', output: 'Paris.' }],
    ['alpaca', 'a chat', chat, { instruction: 'Who are you?', input: '', output: 'A clerk.', system: 'Be brief.', history: [['Hi', 'Hello.']] }],
    ['alpaca', 'a preference pair', pair, { instruction: 'Is 7 prime?', input: '', output: 'Yes: only 1 and 7 divide it.' }],
    ['messages', 'Alpaca', alpaca, { messages: [{ role: 'user', content: 'Name the capital.\nFrance' }, { role: 'assistant', content: 'Paris.' }] }],
    ['messages', 'a chat', chat, chat],
    ['sharegpt', 'Alpaca', alpaca, { conversations: [{ from: 'human', value: 'Name the capital.\nFrance' }, { from: 'gpt', value: 'Paris.' }] }],
    [
      'sharegpt',
      'a chat',
      chat,
      {
        conversations: [
          { from: 'system', value: 'Be brief.' },
          { from: 'human', value: 'Hi' },
          { from: 'gpt', value: 'Hello.' },
          { from: 'human', value: 'Who are you?' },
          { from: 'gpt', value: 'A clerk.' },
        ],
      },
    ],
    ['promptCompletion', 'Alpaca', alpaca, { prompt: 'Name the capital.\nFrance', completion: 'Paris.' }],
    ['promptCompletionMessages', 'Alpaca', alpaca, { prompt: [{ role: 'user', content: 'Name the capital.\nFrance' }], completion: answer('Paris.') }],
    ['promptCompletionMessages', 'a chat', chat, { prompt: chat.messages.slice(0, -1), completion: answer('A clerk.') }],
    ['dpo', 'a preference pair', pair, pair],
    ['dpoMessages', 'a preference pair', pair, { prompt: [{ role: 'user', content: 'Is 7 prime?' }], chosen: answer('Yes: only 1 and 7 divide it.'), rejected: answer('No.') }],
    ['dpoMessages', 'a chat pair', chatPair, { prompt: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Is 7 prime?' }], chosen: answer('Yes.'), rejected: answer('No.') }],
  ])('%s from %s', (format, _, record, line) => {
    expect(write(format, record)).toEqual(line);
  });

  it('writes Alpaca fields in the order in which trainers show them', () => {
    expect(JSON.stringify(write('alpaca', chat))).toBe('{"instruction":"Who are you?","input":"","output":"A clerk.","system":"Be brief.","history":[["Hi","Hello."]]}');
  });
});

describe('export formats leave out, with a reason, what they would spoil', () => {
  const withTools = {
    messages: [
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', content: null, tool_calls: [{ type: 'function', function: { name: 'weather', arguments: '{}' } }] },
      { role: 'tool', content: '21 °C' },
      { role: 'assistant', content: 'It is 21 °C.' },
    ],
  };

  it.each<[format: string, what: string, record: unknown, reason: string]>([
    ['promptCompletion', 'a chat', chat, 'has a system text or earlier turns, which plain text would lose: use promptCompletionMessages'],
    ['dpo', 'a chat pair', chatPair, 'has a system text or earlier turns, which plain text would lose: use dpoMessages'],
    ['dpo', 'Alpaca', alpaca, 'is no preference record: it has no chosen and rejected response'],
    ['dpo', 'a pair of equals', { ...pair, rejected: pair.chosen }, 'its chosen and rejected responses are the same'],
    ['dpo', 'a pair with nothing to reject', { ...pair, rejected: ' ' }, 'its response is empty'],
    ['alpaca', 'an empty response', { ...alpaca, output: '' }, 'its response is empty'],
    ['messages', 'a question alone', { messages: [{ role: 'user', content: 'Hi' }] }, 'has no response'],
    ['messages', 'a response alone', { messages: [{ role: 'assistant', content: 'Hi' }] }, 'has no user turn'],
    ['messages', 'a tool call', withTools, 'has tool turns, which this format would lose'],
    ['sharegpt', 'two answers in a row', { messages: [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: 'Ho' }, { role: 'system', content: 'Stop' }, { role: 'user', content: 'Hi' }, { role: 'assistant', content: 'Ho' }] }, 'its turns do not alternate between user and assistant'],
    ['alpaca', 'a list for an instruction', { ...alpaca, input: ['France'] }, 'a text in it is not a string'],
  ])('%s, %s', (format, _, record, reason) => {
    expect(write(format, record)).toBe(reason);
  });
});

describe('a record keeps its key', () => {
  const text = fc.string({ minLength: 1 }).filter((sample) => sample.trim() !== '');
  const record = fc.record({ instruction: text, input: fc.string(), output: text, system: text, history: fc.array(fc.tuple(text, text), { maxLength: 2 }) }, { requiredKeys: ['instruction', 'output'] });

  it.each(['alpaca', 'messages', 'sharegpt', 'promptCompletionMessages'])('through %s and back', (format) => {
    fc.assert(
      fc.property(record, (value) => {
        expect(read(write(format, value)).key).toBe(read(value).key);
      }),
    );
  });

  it.each(['dpoMessages', 'dpo'])('through %s and back', (format) => {
    fc.assert(
      fc.property(text, text, text, (prompt, chosen, rejected) => {
        fc.pre(chosen !== rejected);
        const value = { prompt, chosen, rejected };
        expect(read(write(format, value)).key).toBe(read(value).key);
      }),
    );
  });
});

describe('exportFormats', () => {
  it('have ids of their own', () => {
    expect(new Set(exportFormats.map(({ id }) => id)).size).toBe(exportFormats.length);
    expect(findFormat('xml')).toBeUndefined();
  });
});
