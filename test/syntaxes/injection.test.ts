import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonPath, Turn } from '../../src/core/record/conversation';
import { textPlaces } from '../../src/core/record/textPlaces';
import { readOk } from '../core/record/support/readOk';
import { records } from './support/records';
import { loadGrammar, roleOf, tokenizeLines, type Token } from './support/tokenize';

const grammar = await loadGrammar({ injected: true });
const tokensOf = (line: string) => tokenizeLines(grammar, [line])[0] ?? [];

/** `role: text` of every stretch of a line that plays a role. */
function roles(line: string): string[] {
  const stretches: { role: string; text: string }[] = [];
  let before: string | undefined;
  for (const token of tokensOf(line)) {
    const role = roleOf(token);
    const last = stretches.at(-1);
    if (role !== undefined && role === before && last) last.text += token.text;
    else if (role !== undefined) stretches.push({ role, text: token.text });
    before = role;
  }
  return stretches.map(({ role, text }) => `${role}: ${text}`);
}

describe('the scopes of every token', () => {
  it.each(Object.entries(records))('%s', async (name, record) => {
    const line = JSON.stringify(record);
    await expect(`${line}\n\n${tokensOf(line).map(describeToken).join('\n')}\n`).toMatchFileSnapshot(`snapshots/${name.replaceAll(/\W+/g, '-')}.txt`);
  });
});

function describeToken({ text, scopes }: Token): string {
  return `${text.padEnd(24)} ${scopes.filter((scope) => !scope.startsWith('meta.')).join(' ')}`.trimEnd();
}

describe('a text has the colour of the role in which the record is read', () => {
  it.each(Object.entries(records))('%s', (_name, record) => {
    for (const line of [JSON.stringify(record), spaced(record)]) expect(misread(line)).toEqual([]);
  });

  it('whatever the texts hold', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('"', '\\', '\\"', '", "output": "x', '{"instruction": "x"}', '}, {"role": "system", "content": "', '[', '],', '// no', '/* no', 'true', ': 7'), fc.lorem());
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(records)), fc.infiniteStream(text), fc.boolean(), (record, texts, wide) => {
        const filled = JSON.parse(JSON.stringify(record), (key, value: unknown): unknown => (typeof value === 'string' && !['role', 'from', 'type', 'id'].includes(key) ? texts.next().value : value)) as object;
        expect(misread(wide ? spaced(filled) : JSON.stringify(filled))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });
});

/** Every text of the record whose tokens do not have its role. */
function misread(line: string): string[] {
  const record = readOk(line);
  const responses = record.exchanges.map(({ response }) => ({ role: 'assistant' as const, ...response }));
  const turns = [...record.prompt, ...record.exchanges.flatMap(({ prompt }) => prompt), ...responses];
  return turns.flatMap(({ path, text, ...turn }) => {
    const seen = [...rolesAt(line, path, text.length)];
    const wanted = seen.every((role) => expectedRoles(turn).includes(role ?? ''));
    return wanted ? [] : [`${path.join('.')} is ${seen.join(', ')}`];
  });
}

function expectedRoles({ role }: Pick<Turn, 'role' | 'part'>): readonly string[] {
  switch (role) {
    case 'user':
      return ['instruction', 'input'];
    case 'assistant':
      return ['response'];
    case 'system':
      return ['system'];
    case 'tool':
      return ['input'];
  }
}

function rolesAt(line: string, path: JsonPath, length: number): Set<string | undefined> {
  const span = textPlaces(line, path)?.(0, length);
  if (!span) throw new Error(`no text at ${path.join('.')}`);
  const found = new Set<string | undefined>();
  let at = 0;
  for (const token of tokensOf(line)) {
    const end = at + token.text.length;
    // The quotes count too, so that an empty text has a colour.
    if (end > span.start - 1 && at < span.end + 1) found.add(roleOf(token));
    at = end;
  }
  return found;
}

/** As Python's `json.dumps` writes it, and with room before the colons. */
function spaced(record: object): string {
  return JSON.stringify(record, undefined, 1).replaceAll(/\n */g, ' ').replaceAll('": ', '" : ');
}

describe('what plays no role has no colour of its own', () => {
  it.each([
    ['a name inside a text', '{"id": "the \\"instruction\\": \\"x\\", \\"output\\": 1"}', []],
    ['a name that is a value', '{"kind": "instruction", "tags": ["output", "input"], "id": "system"}', []],
    ['members of another object', '{"meta": {"instruction": "x", "output": "y", "reward": 1, "messages": [{"role": "user", "content": "z"}]}}', []],
    ['a list beside the turns', '{"tools": [{"role": "user", "content": "z", "output": "x"}]}', []],
    ['a longer name', '{"instructions": "x", "my_output": "y", "output_tokens": "z", "Input": "w"}', []],
    ['a role nobody knows', '{"messages": [{"role": "wizard", "content": "x"}]}', []],
    ['a content before its role', '{"messages": [{"content": "x", "role": "user"}]}', ['instruction: "user"']],
    ['a role inside a call', '{"messages": [{"role": "assistant", "tool_calls": [{"role": "user", "content": "x"}]}]}', ['response: "assistant"']],
    ['a text where a score stands', '{"score": "high", "reward_model": "x", "scar": 1, "lossy": 1}', []],
  ])('%s', (_what, line, expected) => {
    expect(roles(line)).toEqual(expected);
  });
});

it('names of scores stand out where a number follows', () => {
  const names = ['reward', 'score', 'scores', 'rating', 'ifd', 'car', 'loss', 'ppl', 'ifd_ppl', 'ifd.ppl', 'score_chosen', 'instruct_reward', 'overall-rating', 'car.loss'];
  const line = `{${names.map((name, index) => `"${name}": ${index % 2 === 0 ? '-0.5' : 'null'}`).join(', ')}}`;
  expect(roles(line)).toEqual(names.map((name) => `score: ${name}`));
});

describe('a line that is broken', () => {
  it.each([
    ['in a response', '{"instruction": "a", "output": "no end'],
    ['in an instruction', '{"instruction": "no end'],
    ['after a name', '{"instruction":'],
  ])('%s does not discolour the next ones', (_what, broken) => {
    const whole = '{"instruction": "a", "output": "b"}';
    const [, , third] = tokenizeLines(grammar, [broken, whole, whole]);
    expect(third?.map(describeToken)).toEqual(tokensOf(whole).map(describeToken));
  });
});

it.each([
  ['an array of records', '[{"instruction": "a"}, {"output": "b"}]', ['instruction: instruction', 'instruction: "a"', 'response: output', 'response: "b"']],
  ['members after each kind', '{"messages": [], "history": [], "instances": [], "input": {"messages": []}, "output": "b"}', ['input: input', 'response: output', 'response: "b"']],
])('reads on: %s', (_what, line, expected) => {
  expect(roles(line)).toEqual(expected);
});

const installed = fileURLToPath(new URL('../host/runtime/node_modules/code-server/lib/vscode/extensions/json/syntaxes/JSONL.tmLanguage.json', import.meta.url));
it.skipIf(!existsSync(installed))('the grammar that these tests colour by is the one of the VS Code that the other rings run', () => {
  const fixture = fileURLToPath(new URL('../fixtures/syntaxes/JSONL.tmLanguage.json', import.meta.url));
  expect(readFileSync(fixture, 'utf8')).toBe(readFileSync(installed, 'utf8'));
});
