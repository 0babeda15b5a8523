import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { PagedFile } from '../../../src/engine/files/pagedFile';
import { searchLines } from '../../../src/engine/files/searchLines';
import { spellings } from '../../../src/engine/files/searchQuery';
import { temporaryFolder } from '../../support/engineFixture';

let file = '';
beforeEach(async () => {
  file = path.join(await temporaryFolder(onTestFinished), 'data.jsonl');
});

async function opened(content: string): Promise<PagedFile> {
  await writeFile(file, content);
  return PagedFile.open(file);
}

it('finds what looking at every line finds', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '"', 'é', '\n', '\r\n', '\\u00e9', '\\"') });
  const query = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '"'), minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(text, query, fc.boolean(), async (content, wanted, caseSensitive) => {
      const paged = await opened(content);
      const { hits, next } = await searchLines(paged, { text: wanted, caseSensitive });
      const lines = (await paged.page(0)).text.split('\n');
      const fold = (value: string) => (caseSensitive ? value : value.toLowerCase());
      const holds = (line: string) => spellings(wanted).some((spelling) => fold(line).includes(fold(spelling)));
      expect(hits.map(({ line }) => line)).toEqual(lines.flatMap((line, index) => (holds(line) ? [index] : [])));
      for (const { line, start, end } of hits) expect(spellings(wanted).map(fold)).toContain(fold((lines[line] ?? '').slice(start, end)));
      expect(next).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

it('finds a text however its JSON spells it', async () => {
  const paged = await opened([String.raw`{"a":"say \"hi\""}`, String.raw`{"a":"caf\u00e9"}`, '{"a":"café"}', String.raw`{"a":"\uD83D\uDE00"}`, String.raw`{"a":"and\/or"}`, '{"a":"two\\nlines"}'].join('\n'));
  const linesWith = async (text: string, caseSensitive: boolean) => (await searchLines(paged, { text, caseSensitive })).hits.map(({ line }) => line);
  for (const caseSensitive of [true, false]) {
    expect(await linesWith('say "hi"', caseSensitive)).toEqual([0]);
    expect(await linesWith('café', caseSensitive)).toEqual([1, 2]);
    expect(await linesWith('😀', caseSensitive)).toEqual([3]);
    expect(await linesWith('and/or', caseSensitive)).toEqual([4]);
    expect(await linesWith('two\nlines', caseSensitive)).toEqual([5]);
  }
});

it('tells case apart only when asked to', async () => {
  const paged = await opened('Paris\nparis\nPARIS\n');
  expect((await searchLines(paged, { text: 'paris' })).hits).toHaveLength(3);
  expect((await searchLines(paged, { text: 'paris', caseSensitive: true })).hits.map(({ line }) => line)).toEqual([1]);
});

it('takes marks literally unless they are a regular expression', async () => {
  const paged = await opened('a.c-[x]\nabc\n');
  expect((await searchLines(paged, { text: 'a.c-[' })).hits.map(({ line }) => line)).toEqual([0]);
  expect((await searchLines(paged, { text: '^a.c$', regex: true })).hits.map(({ line }) => line)).toEqual([1]);
});

it('shows where in the line, with a little of what stands around', async () => {
  const paged = await opened(`\uFEFF${'é'.repeat(100)}needle${'y'.repeat(200)}\n`);
  for (const caseSensitive of [true, false]) {
    const [hit] = (await searchLines(paged, { text: 'needle', caseSensitive })).hits;
    expect(hit).toEqual({ line: 0, start: 100, end: 106, excerpt: `…${'é'.repeat(30)}needle${'y'.repeat(84)}…` });
  }
});

it('hands out so many and goes on from there', async () => {
  const paged = await opened('hit\nmiss\n'.repeat(250));
  const lines: number[] = [];
  let from: number | undefined = 0;
  for (let rounds = 0; from !== undefined; rounds++) {
    expect(rounds).toBeLessThan(4);
    const result = await searchLines(paged, { text: 'hit' }, { from, limit: 100 });
    lines.push(...result.hits.map(({ line }) => line));
    from = result.next;
  }
  expect(lines).toEqual(Array.from({ length: 250 }, (_, index) => index * 2));
});

it('finds lines across reads and reports how far it is', async () => {
  const content = Array.from({ length: 60_000 }, (_, line) => `${'x'.repeat(150)}${line % 997 === 0 ? 'needle' : ''}\n`).join('');
  const paged = await opened(content);
  const expected = content.split('\n').flatMap((line, index) => (line.includes('needle') ? [index] : []));
  for (const caseSensitive of [true, false]) {
    const shares: number[] = [];
    const { hits } = await searchLines(paged, { text: 'needle', caseSensitive }, { onProgress: (share) => shares.push(share) });
    expect(hits.map(({ line }) => line)).toEqual(expected);
    expect(shares.length).toBeGreaterThan(1);
    expect(shares.at(-1)).toBe(1);
  }
});

it('finds a text in a line longer than a read', async () => {
  const paged = await opened(`short\n${'x'.repeat(6 << 20)}needle\nneedle\n`);
  const { hits } = await searchLines(paged, { text: 'needle', caseSensitive: true });
  expect(hits.map(({ line, start }) => [line, start])).toEqual([[1, 6 << 20], [2, 0]]);
});

it('ends when it is told to', async () => {
  const paged = await opened('x\n');
  await expect(searchLines(paged, { text: 'x' }, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
});

it.each([
  ['', false, 'Nothing to search for: type a word, or a part of one.'],
  ['(', true, 'This is no regular expression: /(/iu: Unterminated group.'],
])('refuses %j with the reason', async (text, regex, message) => {
  await expect(searchLines(await opened('x\n'), { text, regex })).rejects.toThrow(message);
});

it('gives up on an expression that would take for ever', async () => {
  await expect(searchLines(await opened(`${'a'.repeat(60)}b\n`), { text: '(a+)+$', regex: true })).rejects.toThrow('The expression takes too long on these lines');
}, 20_000);
