import { describe, expect, it } from 'vitest';
import type { ShapeId } from '../../../../src/core/record/conversation';
import { readRecord } from '../../../../src/core/record/parseRecord';
import { shapes, shapeTitle } from '../../../../src/core/record/shapes/shapes';

const user = { role: 'user', content: 'Name a metal.' };
const assistant = { role: 'assistant', content: 'Gold.' };
const human = { from: 'human', value: 'Name a metal.' };
const gpt = { from: 'gpt', value: 'Gold.' };

const table: readonly (readonly [why: string, shape: ShapeId, root: object])[] = [
  ['the plain three fields', 'alpaca', { instruction: 'a', input: '', output: 'b' }],
  ['no input', 'alpaca', { instruction: 'a', output: 'b' }],
  ['a prompt alone', 'alpaca', { instruction: 'a' }],
  ['responses of many models under a name of its own', 'alpaca', { instruction: 'a', outputs: { one: 'b' } }],
  ['input and output without an instruction', 'alpaca', { input: 'a', output: 'b' }],
  ['an output beside a response', 'alpaca', { instruction: 'a', output: 'b', response: 'c' }],
  ['a prompt kept as a note', 'alpaca', { prompt: 'what was sent', instruction: 'a', output: 'b' }],
  ['messages', 'messages', { messages: [user, assistant] }],
  ['messages with a label (KTO)', 'messages', { messages: [user, assistant], label: true }],
  ['messages beside an instruction', 'messages', { instruction: 'a', output: 'b', messages: [user, assistant] }],
  ['messages of null beside an instruction', 'alpaca', { messages: null, instruction: 'a', output: 'b' }],
  ['conversations', 'sharegpt', { conversations: [human, gpt] }],
  ['a Magpie file with conversations', 'sharegpt', { instruction: 'a', response: 'b', conversations: [human, gpt] }],
  ['pairs of human and assistant', 'sharegpt', { conversation: [{ human: 'a', assistant: 'b' }] }],
  ['prompt and completion', 'promptCompletion', { prompt: 'a', completion: 'b' }],
  ['lists of messages', 'promptCompletion', { prompt: [user], completion: [assistant] }],
  ['a prompt alone (TRL)', 'promptCompletion', { prompt: 'a' }],
  ['a string and two sides', 'preference', { prompt: 'a', chosen: 'b', rejected: 'c' }],
  ['sides with the whole conversation', 'preference', { chosen: [user, assistant], rejected: [user, assistant] }],
  ['an instruction and two sides', 'preference', { instruction: 'a', input: '', chosen: 'b', rejected: 'c' }],
  ['conversations and two turns', 'preference', { conversations: [human], chosen: gpt, rejected: gpt }],
  ["OpenAI's names", 'preference', { input: { messages: [user] }, preferred_output: [assistant], non_preferred_output: [assistant] }],
  ["argilla's names", 'preference', { system: '', instruction: 'a', chosen_response: 'b', rejected_response: 'c' }],
  ["LLaMA-Factory v1's names", 'preference', { chosen_messages: [user, assistant], rejected_messages: [user, assistant] }],
  ["ms-swift's names", 'preference', { messages: [user, assistant], rejected_response: 'c' }],
  ['one side alone falls back', 'promptCompletion', { prompt: 'a', chosen: 'b' }],
  ['query and response', 'queryResponse', { query: 'a', response: 'b' }],
  ['data-juicer, with an instruction', 'queryResponse', { instruction: 'a', query: 'b', response: 'c' }],
  ['question and answer', 'queryResponse', { question: 'a', answer: 'b' }],
  ['instruction and response', 'magpie', { instruction: 'a', response: 'b' }],
  ['instruction and responses', 'magpie', { instruction: 'a', responses: ['b', 'c'] }],
  ['GPTeacher, with an input', 'magpie', { instruction: 'a', input: 'b', response: 'c' }],
  ['nested instances', 'selfInstruct', { instruction: 'a', instances: [{ input: '', output: 'b' }] }],
];

describe('which shape reads a record', () => {
  it.each(table)('%s: %s', (_why, shape, root) => {
    expect(readRecord(root)).toMatchObject({ shape });
  });

  it('states the order of detection', () => {
    expect(shapes.map((shape) => shape.id)).toEqual(['preference', 'messages', 'sharegpt', 'selfInstruct', 'queryResponse', 'magpie', 'alpaca', 'promptCompletion']);
  });

  it('has a title for people', () => {
    expect(shapes.map((shape) => shapeTitle(shape.id))).toEqual(['preference', 'messages', 'ShareGPT', 'Self-Instruct', 'query/response', 'Magpie', 'Alpaca', 'prompt/completion']);
  });
});

const nearMisses: readonly (readonly [root: unknown, rule: string, message: RegExp])[] = [
  [{}, 'unknown-shape', /no known shape/],
  [{ text: 'pretraining text' }, 'unknown-shape', /no known shape/],
  [{ question: 'a', choices: ['b'] }, 'unknown-shape', /no known shape/],
  [{ output: 'b' }, 'unknown-shape', /no known shape/],
  [{ messages: 'user: hi' }, 'unknown-shape', /`messages` must be a list; here it is a string/],
  [{ conversations: null }, 'unknown-shape', /`conversations` must be a list; here it is null/],
  [{ rejected: 'c' }, 'unknown-shape', /needs both `chosen` and `rejected`; this one has `rejected` alone/],
  [[1, 2], 'not-an-object', /is an array\. If the whole file is one JSON array, write each of its elements on a line of its own/],
  ['{"instruction":"a"}', 'not-an-object', /take away one level of quoting/],
  [7, 'not-an-object', /this line is a number/],
  [null, 'not-an-object', /this line is null/],
];

describe('what no shape reads', () => {
  it.each(nearMisses)('%j', (root, rule, message) => {
    expect(readRecord(root)).toEqual({ status: 'invalid', rule, message: expect.stringMatching(message) as string });
  });
});
