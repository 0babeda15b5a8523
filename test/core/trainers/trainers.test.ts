import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findFormat } from '../../../src/core/exports/formats';
import { parseLine } from '../../../src/core/record/parseRecord';
import { FileCheck } from '../../../src/core/trainers/fileCheck';
import type { CheckedLine } from '../../../src/core/trainers/fileCheck';
import { findTrainer, trainers } from '../../../src/core/trainers/trainers';

/** Findings of one record as `severity rule at path: message`. */
function check(trainer: string, record: Readonly<Record<string, unknown>>): string[] {
  const found = findTrainer(trainer)?.check(record) ?? [];
  return found.map(({ severity, rule, path, message }) => `${severity} ${rule}${path ? ` at ${path.join('.')}` : ''}: ${message}`);
}

/** Findings of a whole file as `line severity rule`. */
function checkFile(trainer: string, lines: readonly string[]): string[] {
  const found = findTrainer(trainer);
  if (found === undefined) throw new Error(`no trainer ${trainer}`);
  const file = new FileCheck(found);
  const findings = [...lines.map(toLine).flatMap((line) => [...file.line(line)]), ...file.end()];
  return findings.map(({ line, severity, rule }) => `${line} ${severity} ${rule}`);
}

function toLine(text: string, index: number): CheckedLine {
  const parsed = parseLine(text);
  return { number: index + 1, parsed, ...(parsed.status === 'ok' && { value: JSON.parse(text) as unknown }) };
}

const turn = (from: string, value: unknown = 'Hi'): object => ({ from, value });
const message = (role: string, content: unknown = 'Hi'): object => ({ role, content });

describe('LLaMA-Factory, alpaca', () => {
  it.each<[what: string, record: Record<string, unknown>, findings: string[]]>([
    ['a plain record', { instruction: 'Add 1 and 1.', input: '', output: '2' }, []],
    ['a pair', { instruction: 'Add 1 and 1.', chosen: '2', rejected: '3' }, []],
    ['an output that is no text', { instruction: 'Add 1 and 1.', output: 2 }, ['error would-skip at output: LLaMA-Factory drops this record with a log line only: `output` must be a text; it is a number.']],
    ['no output', { instruction: 'Add 1 and 1.' }, ['error would-skip: LLaMA-Factory drops this record with a log line only: `output` must be a text; there is none.']],
    ['a chat', { messages: [message('user')], output: '2' }, ['error missing-field: There is no `instruction`: this is a chat record, use formatting: sharegpt or export it as Alpaca.']],
    [
      'a system text and a history',
      { instruction: 'And 2?', output: '3', system: 'Be brief.', history: [['1?', '2']] },
      [
        'warning needs-column at system: LLaMA-Factory ignores `system` unless dataset_info.json has "columns": {"system": "system", …} for this file.',
        'warning needs-column at history: LLaMA-Factory ignores `history` unless dataset_info.json has "columns": {"history": "history", …} for this file.',
      ],
    ],
    ['half a pair in the history', { instruction: 'And 2?', output: '3', history: [['1?']] }, ['error bad-history at history.0: `history[0]` must be a pair of texts: [question, answer].', 'warning needs-column at history: LLaMA-Factory ignores `history` unless dataset_info.json has "columns": {"history": "history", …} for this file.']],
    ['a rejected list', { instruction: 'Add 1 and 1.', chosen: '2', rejected: ['3'] }, ['error would-skip at rejected: LLaMA-Factory (ranking: true) drops this record: `rejected` must be a text; it is a list.']],
  ])('%s', (_, record, findings) => {
    expect(check('llamafactory-alpaca', record)).toEqual(findings);
  });
});

describe('LLaMA-Factory, sharegpt', () => {
  it.each<[what: string, record: Record<string, unknown>, findings: string[]]>([
    ['a question and its answer', { conversations: [turn('human'), turn('gpt')] }, []],
    ['a system turn before', { conversations: [turn('system'), turn('human'), turn('gpt')] }, []],
    ['a tool call', { conversations: [turn('human'), turn('function_call'), turn('observation'), turn('gpt')], tools: '[]' }, []],
    ['ranking data', { conversations: [turn('human')], chosen: turn('gpt'), rejected: turn('gpt') }, []],
    ['two questions in a row', { conversations: [turn('human'), turn('human'), turn('gpt')] }, ['error would-skip at conversations.1.from: LLaMA-Factory will skip this record: turn 2 is from "human", gpt or function_call belongs there.']],
    ['an answer first', { conversations: [turn('gpt'), turn('human')] }, ['error would-skip at conversations.0.from: LLaMA-Factory will skip this record: turn 1 is from "gpt", human or observation belongs there.']],
    ['OpenAI roles', { conversations: [turn('user'), turn('assistant')] }, ['error would-skip at conversations.0.from: LLaMA-Factory will skip this record: turn 1 is from "user", human or observation belongs there.']],
    ['a question left open', { conversations: [turn('human')] }, ['error would-skip at conversations: LLaMA-Factory will skip this record: it has 1 turn after the system text, ranking data needs an odd number and other data an even number above 0.']],
    ['an answered prompt of a pair', { conversations: [turn('human'), turn('gpt')], chosen: turn('gpt'), rejected: turn('gpt') }, ['error would-skip at conversations: LLaMA-Factory will skip this record: it has 2 turns after the system text, ranking data needs an odd number and other data an even number above 0.']],
    ['no turns', { conversations: [] }, ['error would-skip at conversations: LLaMA-Factory will skip this record: it has 0 turns after the system text, ranking data needs an odd number and other data an even number above 0.']],
    ['a turn without a value', { conversations: [turn('human', 5), turn('gpt')] }, ['error not-text at conversations.0: `conversations[0]` must have a text in `value`; it is a number.']],
    ['a list of tools', { conversations: [turn('human'), turn('gpt')], tools: [] }, ['error not-text at tools: `tools` must be a text that holds JSON; it is a list.']],
    ['a rejected user', { conversations: [turn('human')], chosen: turn('gpt'), rejected: turn('human') }, ['error bad-pair at rejected: `rejected` must be one turn of gpt: {"from": "gpt", "value": …}.']],
    ['messages', { messages: [message('user')] }, ['error missing-field: There is no `conversations`: name the column and the tags of `messages` in dataset_info.json, or export as ShareGPT.']],
  ])('%s', (_, record, findings) => {
    expect(check('llamafactory-sharegpt', record)).toEqual(findings);
  });
});

describe('TRL', () => {
  it.each<[trainer: string, what: string, record: Record<string, unknown>, findings: string[]]>([
    ['trl-sft', 'messages', { messages: [message('user'), message('assistant')] }, []],
    ['trl-sft', 'text', { text: 'Once upon a time' }, []],
    ['trl-sft', 'prompt and completion', { prompt: 'Hi', completion: 'Hello' }, []],
    ['trl-sft', 'prompt and completion as messages', { prompt: [message('user')], completion: [message('assistant')] }, []],
    ['trl-sft', 'one of each kind', { prompt: 'Hi', completion: [message('assistant')] }, ['error mixed-kinds at completion: `prompt`, `completion` must all be texts or all be lists of messages.']],
    ['trl-sft', 'a question alone', { messages: [message('user')] }, ["warning no-response at messages: No message is the assistant's: there is no response to learn."]],
    ['trl-sft', 'ShareGPT roles', { messages: [message('human')] }, ['error unknown-role at messages.0.role: The role "human" is unknown here: write system, user, assistant, tool, developer.']],
    ['trl-sft', 'Alpaca', { instruction: 'Hi', output: 'Hello' }, ['error missing-field: TRL reads `messages`, `prompt` and `completion`, or `text`; this record has none of them: export it as messages.']],
    ['trl-sft', 'an empty list', { messages: [] }, ['error no-messages at messages: `messages` is an empty list.']],
    ['trl-sft', 'a call without text', { messages: [message('user'), { role: 'assistant', tool_calls: [] }] }, []],
    ['trl-dpo', 'texts', { prompt: 'Hi', chosen: 'Hello', rejected: 'Ho' }, []],
    ['trl-dpo', 'the prompt within', { chosen: [message('user'), message('assistant')], rejected: [message('user'), message('assistant', 'Ho')] }, []],
    ['trl-dpo', 'no rejected', { prompt: 'Hi', chosen: 'Hello' }, ['error missing-field: There is no `rejected`.']],
    ['trl-dpo', 'equals', { prompt: 'Hi', chosen: 'Ho', rejected: 'Ho' }, ['warning same-pair at rejected: `chosen` and `rejected` are the same: the pair teaches nothing.']],
    ['trl-dpo', 'a prompt that ends with the system', { prompt: [message('system')], chosen: [message('assistant')], rejected: [message('assistant', 'Ho')] }, ["error role-order at prompt: TRL stops here: the last message of `prompt` must be the user's or the assistant's."]],
    ['trl-dpo', 'a number', { prompt: 'Hi', chosen: 1, rejected: 'Ho' }, ['error not-text at chosen: `chosen` must be a text or a list of messages; it is a number.']],
  ])('%s: %s', (trainer, _, record, findings) => {
    expect(check(trainer, record)).toEqual(findings);
  });
});

describe('Axolotl', () => {
  it.each<[what: string, record: Record<string, unknown>, findings: string[]]>([
    ['messages', { messages: [message('user'), message('assistant')] }, []],
    ['roles that it maps itself', { messages: [message('human'), message('gpt')] }, []],
    ['ShareGPT', { conversations: [turn('human')] }, ['error missing-field: There is no `messages`: set field_messages: conversations and message_property_mappings {role: from, content: value}, or export as messages.']],
    ['nothing to train on', { messages: [message('user')] }, ["warning no-response at messages: No message is the assistant's: every token of this record is masked."]],
    ['two system texts', { system: 'A', messages: [message('system'), message('user'), message('assistant')] }, ['warning two-systems at system: The record has a `system` field and a system message: Axolotl would put both before the conversation.']],
  ])('%s', (_, record, findings) => {
    expect(check('axolotl-chat', record)).toEqual(findings);
  });
});

describe('OpenAI', () => {
  it.each<[what: string, record: Record<string, unknown>, findings: string[]]>([
    ['messages', { messages: [message('user'), message('assistant')] }, []],
    ['a field of its own', { messages: [message('user'), message('assistant')], id: 7 }, ['error unknown-key at id: OpenAI refuses the unknown field "id": leave it out, or export as messages.']],
    ['a message field of its own', { messages: [message('user'), { ...message('assistant'), score: 1 }] }, ['error unknown-key at messages.1.score: A message has no field "score": leave it out.']],
    ['a weight of a half', { messages: [message('user'), { ...message('assistant'), weight: 0.5 }] }, ['error bad-weight at messages.1.weight: `weight` must be 0 or 1.']],
    ['no assistant', { messages: [message('user')] }, ["error no-response at messages: At least one message must be the assistant's."]],
    ['no content', { messages: [{ role: 'user' }, message('assistant')] }, ['error missing-field at messages.0: `messages[0]` has no `content`.']],
    ['a text for a message', { messages: ['Hi', message('assistant')] }, ['error not-a-message at messages.0: `messages[0]` must be an object with a role and a content; it is a string.']],
  ])('%s', (_, record, findings) => {
    expect(check('openai-sft', record)).toEqual(findings);
  });
});

describe('a whole file', () => {
  const good = JSON.stringify({ messages: [message('user'), message('assistant')] });

  it('reports lines that are no records where they stand, and passes over empty ones', () => {
    expect(checkFile('trl-sft', [good, '', '{"messages": [', '[1]', good])).toEqual(['3 error not-a-record', '4 error not-a-record']);
  });

  it('counts records for trainers that want ten of them', () => {
    expect(checkFile('openai-sft', new Array<string>(9).fill(good))).toEqual(['1 error too-few-records']);
    expect(checkFile('openai-sft', new Array<string>(10).fill(good))).toEqual([]);
  });

  it('finds fields that change their type within a file', () => {
    const text = JSON.stringify({ prompt: 'Hi', completion: 'Hello' });
    const list = JSON.stringify({ prompt: [message('user')], completion: [message('assistant')] });
    expect(checkFile('trl-sft', [text, list, text])).toEqual(['2 error mixed-types', '2 error mixed-types']);
  });

  it('adds what spoils training whatever the shape', () => {
    expect(checkFile('llamafactory-alpaca', ['{"instruction":"Hi","output":""}', '{"instruction":"Hi","output":"A","output":"B"}'])).toEqual(['1 warning empty-response', '2 warning duplicate-key']);
  });
});

describe('every trainer', () => {
  it.each(trainers.map(({ id }) => id))('%s looks at any value without failing', (id) => {
    const anything = fc.dictionary(fc.constantFrom('messages', 'conversations', 'prompt', 'completion', 'chosen', 'rejected', 'instruction', 'output', 'history', 'system', 'tools', 'text'), fc.anything());
    fc.assert(
      fc.property(anything, (record) => {
        for (const finding of findTrainer(id)?.check(record) ?? []) expect(finding.message).toMatch(/^[A-Z`].*\.$/su);
      }),
    );
  });

  it.each([
    ['alpaca', 'llamafactory-alpaca'],
    ['sharegpt', 'llamafactory-sharegpt'],
    ['messages', 'trl-sft'],
    ['promptCompletion', 'trl-sft'],
    ['promptCompletionMessages', 'trl-sft'],
    ['dpo', 'trl-dpo'],
    ['dpoMessages', 'trl-dpo'],
    ['messages', 'axolotl-chat'],
    ['messages', 'openai-sft'],
  ])('finds nothing wrong with what export writes: %s for %s', (format, trainer) => {
    const source = format.startsWith('dpo') ? { prompt: 'Is 7 prime?', chosen: 'Yes.', rejected: 'No.' } : { instruction: 'Name the capital.', input: 'France', output: 'Paris.' };
    const parsed = parseLine(JSON.stringify(source));
    const written = parsed.status === 'ok' ? findFormat(format)?.write(parsed.record) : undefined;
    const line = JSON.stringify(written?.ok === true ? written.value : undefined);
    expect(checkFile(trainer, new Array<string>(10).fill(line))).toEqual([]);
  });
});
