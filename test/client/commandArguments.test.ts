import { describe, expect, it } from 'vitest';
import { readArgument, recordArguments, selectArguments } from '../../src/client/commandArguments';

describe('the argument of a command', () => {
  it('names records and a teacher', () => {
    const argument = { uri: 'file:///data.jsonl', lines: [0, 4], teacher: 'concise' };
    expect(readArgument(recordArguments, argument)).toEqual(argument);
  });

  it.each([['nothing', undefined], ['null', null], ['the resource of a menu', { scheme: 'file', fsPath: '/data.jsonl', path: '/data.jsonl' }]])('counts as none when it is %s', (_what, argument) => {
    expect(readArgument(recordArguments, argument)).toBeUndefined();
  });

  it.each([
    [{ uri: 'file:///data.jsonl', lines: [] }],
    [{ uri: 'file:///data.jsonl', lines: [-1] }],
    [{ uri: 'file:///data.jsonl', lines: [0.5] }],
    [{ lines: [0] }],
    ['file:///data.jsonl'],
  ])('is refused when it is %j', (argument) => {
    expect(() => readArgument(recordArguments, argument)).toThrow('does not understand its argument');
  });

  it.each([
    [{ kind: 'longest', count: 1000 }],
    [{ kind: 'top', score: 'ifd.ppl', direction: 'highest', below: 1, rate: 0.1 }],
    [{ kind: 'random', count: 10, seed: 7 }],
  ])('may hold the rule %j', (rule) => {
    expect(readArgument(selectArguments, { uri: 'file:///a.jsonl', rule, out: '/b.jsonl' })?.rule).toEqual(rule);
  });

  it.each([[{ kind: 'longest', count: 0 }], [{ kind: 'top', score: 'beauty', direction: 'highest' }], [{ kind: 'top', score: 'car', direction: 'highest', rate: 1.5 }]])('may not hold the rule %j', (rule) => {
    expect(() => readArgument(selectArguments, { uri: 'file:///a.jsonl', rule, out: '/b.jsonl' })).toThrow();
  });
});
