import { describe, expect, it } from 'vitest';
import { parseLine } from '../../../../src/core/record/parseRecord';
import { editDistance } from '../../../../src/core/record/rules/editDistance';

const refusal = "I'm sorry, but I can't help with that.";

function found(record: unknown): string[] {
  const parsed = parseLine(JSON.stringify(record));
  return parsed.status === 'ok' ? parsed.record.problems.map(({ rule, path = [] }) => `${rule} ${path.join('.')}`) : [parsed.status];
}

function extra(record: unknown): readonly string[] {
  const parsed = parseLine(JSON.stringify(record));
  return parsed.status === 'ok' ? parsed.record.extraFields : [parsed.status];
}

describe('the response that is learnt', () => {
  it('is judged in every shape, the one that is rejected is not', () => {
    expect(found({ instruction: 'x', output: refusal })).toEqual(['refusal output']);
    expect(found({ messages: [{ role: 'user', content: 'x' }, { role: 'assistant', content: refusal }] })).toEqual(['refusal messages.1.content']);
    expect(found({ prompt: 'x', chosen: refusal, rejected: 'y' })).toEqual(['refusal chosen']);
    expect(found({ prompt: 'x', chosen: 'y', rejected: refusal })).toEqual([]);
    expect(found({ prompt: 'x', completion: refusal, label: false })).toEqual([]);
    expect(found({ prompt: 'x', completion: refusal, label: true })).toEqual(['refusal completion']);
  });

  it('and every other text are looked at for what cannot be read, once', () => {
    expect(found({ instruction: 'caf\u00c3\u00a9', responses: ['a', 'b'], input: '\u0000' })).toEqual(['mojibake instruction', 'control-character input']);
  });
});

describe('fields that nothing reads', () => {
  it('are slips where a field of that name is missing', () => {
    expect(found({ instruction: 'x', ouput: 'y' })).toEqual(['no-response ', 'unknown-field ouput']);
    expect(found({ instruction: 'x', Output: 'y' })).toEqual(['no-response ', 'unknown-field Output']);
    expect(found({ instruction: 'x', respones: 'y' })).toEqual(['no-response ', 'unknown-field respones']);
    expect(found({ instruction: 'x', output: 'y', ouput: 'z' })).toEqual([]);
    expect(extra({ instruction: 'x', output: 'y', ouput: 'z' })).toEqual(['ouput']);
  });

  it('are none that datasets commonly carry', () => {
    const carried = { id: 1, _id: 'x', conversation_id: 'x', source: 'x', dataSource: 'x', tags: [], meta: {}, ppl_A_direct: 1, instruct_reward: 1, difficulty: 'easy', tools: [], created_at: 'x', model: 'x' };
    expect(extra({ instruction: 'x', output: 'y', ...carried })).toEqual([]);
    expect(found({ instruction: 'x', output: 'y', ...carried })).toEqual([]);
  });

  it('are one list for all records that have the same', () => {
    const [a, b] = ['a', 'b'].map((text) => extra({ instruction: text, output: text, foo: 1, bar: 2 }));
    expect(a).toEqual(['foo', 'bar']);
    expect(b).toBe(a);
  });

  it('are bounded', () => {
    expect(extra({ instruction: 'x', output: 'y', ...Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`zz${index}zz`, index])) })).toHaveLength(20);
  });
});

it.each([
  ['', '', 0],
  ['ouput', 'output', 1],
  ['respones', 'response', 1],
  ['intsruction', 'instruction', 1],
  ['kitten', 'sitting', 3],
])('%j and %j are %i apart', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
});
