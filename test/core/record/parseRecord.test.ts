import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxLineLength, parseLine } from '../../../src/core/record/parseRecord';
import { outline, readOk } from './support/readOk';

const record = '{"instruction":"a","output":"b"}';

describe('reading one line', () => {
  it.each([
    ['nothing', ''],
    ['spaces', ' \t '],
    ['a carriage return', '\r'],
    ['a byte-order mark alone', '\ufeff'],
    ['no-break and ideographic spaces', '\u00a0\u3000'],
  ])('takes %s for an empty line', (_what, line) => {
    expect(parseLine(line)).toEqual({ status: 'empty' });
  });

  it.each([
    ['a byte-order mark', `\ufeff${record}`],
    ['spaces around', `  ${record}\t`],
    ['the carriage return of a CRLF file', `${record}\r`],
  ])('reads a record with %s', (_what, line) => {
    expect(outline(readOk(line))).toEqual(['user instruction: a', '→ response output: b']);
  });

  it('says where a line is broken, counted from its start with the mark', () => {
    expect(parseLine('\ufeff{"instruction": NaN}')).toEqual({
      status: 'invalid',
      rule: 'broken-json',
      cause: 'foreign-word',
      message: 'NaN is not JSON: write null, or leave the field out.',
      span: { start: 17, end: 20 },
    });
  });

  it.each([
    ['100,000 open brackets', '['.repeat(100_000), 'too-deep'],
    ['a value 100,000 deep beside a good record', `{"instruction":"a","output":"b","meta":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'too-deep'],
    ['objects 100,000 deep', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, 'too-deep'],
    ['a line over the limit', `{"instruction":"${'a'.repeat(maxLineLength)}"}`, 'too-long'],
    ['broken JSON', '{"instruction":', 'broken-json'],
    ['an array', '[{"instruction":"a"}]', 'not-an-object'],
    ['an object of no known shape', '{"name":"Ada"}', 'unknown-shape'],
  ])('refuses %s', (_what, line, rule) => {
    expect(parseLine(line)).toMatchObject({ status: 'invalid', rule });
  });

  it('reads brackets by the million inside a text, and values 1,000 deep beside it', () => {
    const line = JSON.stringify({ instruction: '[{"'.repeat(1_000_000), output: 'b' }).replace('}', `}`);
    expect(readOk(line).exchanges).toHaveLength(1);
    expect(parseLine(`{"instruction":"a","output":"b","meta":${'['.repeat(999)}${']'.repeat(999)}}`).status).toBe('ok');
  });

  it('reads a line of 50 million characters', () => {
    const output = 'word '.repeat(10_000_000);
    expect(readOk(`{"instruction":"a","output":"${output}"}`).exchanges[0]?.response.text.length).toBe(50_000_000);
  });

  it('names fields that occur twice; the last one is read', () => {
    expect(outline(readOk('{"instruction":"a","output":"hidden","output":"b","meta":[{"x":1,"\\u0078":2}]}'))).toEqual([
      'user instruction: a',
      '→ response output: b',
      '! duplicate-key at output',
      '! duplicate-key at meta.0.x',
    ]);
  });

  it('names a hidden field once however often it occurs, escaped and cut off', () => {
    const name = JSON.stringify(`<b>"${'x'.repeat(100)}`);
    const { problems } = readOk(`{"instruction":"a","output":"b",${name}:1,${name}:2,${name}:3}`);
    expect(problems.map((problem) => problem.message)).toEqual([
      `The field "<b>\\"${'x'.repeat(36)}…" occurs more than once in one object; only the last one is read. Remove or rename the others.`,
    ]);
  });

  it('lists twenty hidden fields and counts the others', () => {
    const twice = Array.from({ length: 30 }, (_, index) => `"f${index}":1,"f${index}":2`).join(',');
    const { problems } = readOk(`{"instruction":"a","output":"b",${twice}}`);
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)?.message).toBe('10 more fields occur more than once in their object.');
  });

  it('names texts with half a character, each once', () => {
    expect(outline(readOk('{"prompt":"a\\ud83d","chosen":"\\ud83c\\udf88","rejected":"\\udc00"}'))).toEqual([
      'user prompt: a\ud83d',
      '→ chosen chosen: 🎈',
      '→ rejected rejected: \udc00',
      '! lone-surrogate at prompt',
      '! lone-surrogate at rejected',
    ]);
  });
});

describe('for every line', () => {
  it('answers instead of throwing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (line) => {
        expect(['ok', 'empty', 'invalid']).toContain(parseLine(line).status);
      }),
    );
  });

  it('answers for every JSON value under the names that shapes look for', () => {
    const names = ['instruction', 'input', 'output', 'system', 'history', 'messages', 'conversations', 'conversation', 'prompt', 'completion', 'chosen', 'rejected', 'rejected_response', 'query', 'question', 'answer', 'response', 'responses', 'instances', 'role', 'content', 'from', 'value', 'human', 'assistant', 'tool_calls', 'type', 'text', '__proto__'];
    const { node } = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom('', 'text', 'user', 'assistant', 'gpt', 'human', null, 0, true),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.array(fc.tuple(fc.constantFrom(...names), tie('node')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
      ),
    }));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...names), node), { minLength: 1, maxLength: 6 }), (entries) => {
        const line = JSON.stringify(Object.fromEntries(entries));
        const parsed = parseLine(line);
        if (parsed.status === 'invalid') expect(parsed.rule).toBe('unknown-shape');
        else expect(parsed.status).toBe('ok');
        if (parsed.status !== 'ok') return;
        expect(parsed.record.key).toMatch(/^[0-9a-f]{32}$/);
        const root: unknown = JSON.parse(line);
        for (const { prompt, response } of parsed.record.exchanges) {
          for (const { path, text } of [...prompt, response]) expect(path.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], root)).toBe(text);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
