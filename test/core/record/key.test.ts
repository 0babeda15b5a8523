import { describe, expect, it } from 'vitest';
import { exchangeKey, promptKey } from '../../../src/core/record/key';
import { outline, readOk } from './support/readOk';

const question = 'Translate to English.\nHaus';
const sameConversation: readonly (readonly [shape: string, line: string])[] = [
  ['Alpaca', '{"instruction":"Translate to English.","input":"Haus","output":"House","score":1.0e5}'],
  ['Alpaca, other order and escapes', '{ "output": "Ho\\u0075se", "input": "", "instruction": "Translate to English.\\nHaus" }'],
  ['messages', JSON.stringify({ messages: [{ role: 'user', content: question }, { role: 'assistant', content: 'House' }] })],
  ['messages in parts', JSON.stringify({ messages: [{ role: 'user', content: [{ type: 'text', text: 'Translate to English.' }, { type: 'text', text: 'Haus' }] }, { role: 'assistant', content: 'House' }] })],
  ['ShareGPT', JSON.stringify({ system: '', conversations: [{ from: 'human', value: question }, { from: 'gpt', value: 'House' }] })],
  ['prompt/completion', JSON.stringify({ prompt: question, completion: 'House' })],
  ['query/response', JSON.stringify({ query: question, response: 'House' })],
  ['Magpie', JSON.stringify({ instruction: question, responses: ['House'] })],
  ['Self-Instruct', JSON.stringify({ instruction: 'Translate to English.', instances: [{ input: 'Haus', output: 'House' }] })],
];

describe('the keys of a record', () => {
  const reference = readOk({ prompt: question, completion: 'House' });

  it.each(sameConversation)('are those of the conversation, however %s writes it', (_shape, line) => {
    const record = readOk(line);
    expect([record.key, record.promptKey, record.exchanges[0]?.key]).toEqual([reference.key, reference.promptKey, reference.key]);
  });

  it('are 32 hexadecimal digits that stay the same from release to release: scores are stored under them', () => {
    expect(reference.key).toBe('d9ffa8dba9cde8ba87686c183c26b04c');
    expect(reference.promptKey).toBe('e717ccb1268b0c6338b1fc8b4766f63e');
  });

  it.each([
    ['the response', { prompt: question, completion: 'house' }],
    ['the boundary between prompt and response', { messages: [{ role: 'user', content: question }, { role: 'assistant', content: 'Hou' }, { role: 'assistant', content: 'se' }] }],
    ['a role', { messages: [{ role: 'system', content: 'Translate to English.' }, { role: 'user', content: 'Haus' }, { role: 'assistant', content: 'House' }] }],
    ['white space', { prompt: `${question} `, completion: 'House' }],
  ])('change with %s', (_what, root) => {
    expect(readOk(root).key).not.toBe(reference.key);
  });

  it('keep the prompt key when the response alone changes', () => {
    expect(readOk({ prompt: question, completion: 'A house.' }).promptKey).toBe(reference.promptKey);
  });

  it('tell lone surrogates apart, which UTF-8 would fold into one', () => {
    expect(exchangeKey([], '\ud800')).not.toBe(exchangeKey([], '\ud801'));
  });

  it('cover every candidate, in order', () => {
    const pair = readOk({ prompt: 'a', chosen: 'b', rejected: 'c' });
    const turned = readOk({ prompt: 'a', chosen: 'c', rejected: 'b' });
    expect(pair.exchanges.map((exchange) => exchange.key)).toEqual([exchangeKey(pair.prompt, 'b'), exchangeKey(pair.prompt, 'c')]);
    expect(new Set([pair.key, turned.key, ...pair.exchanges.map((exchange) => exchange.key)]).size).toBe(4);
  });

  it('of a record without a response are the prompt alone', () => {
    const record = readOk({ prompt: 'a' });
    expect(record.key).toBe(promptKey(record.prompt));
    expect(outline(record)).toEqual(['user prompt: a', '! no-response']);
  });
});
