import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { jsonLines, runCli, temporaryFolder } from '../support/runCli';
import { sharedData } from '../support/sharedData';

interface Row {
  readonly line: number;
  readonly status: string;
  readonly key: string;
  readonly promptKey: string;
  readonly scores: Readonly<Record<string, number>>;
  readonly undefined: Readonly<Record<string, string>>;
  readonly scorers: Readonly<Record<string, string>>;
  readonly reason?: string;
  readonly exchange?: string;
  readonly candidates?: readonly { readonly name: string; readonly scores: Readonly<Record<string, number>> }[];
}

const sample = fileURLToPath(new URL('../../examples/sample.jsonl', import.meta.url));
const allIds = ['length.words', 'length.tokens', 'length.chars', 'ifd.ppl', 'ifd.loss', 'icIfd', 'reward', 'car', 'loss.cond', 'loss.direct', 'loss.prompt'];

let home: string;
beforeAll(async () => {
  home = await temporaryFolder();
});

async function score(...args: string[]) {
  const result = await runCli(['score', ...args], { home });
  return { ...result, rows: jsonLines(result.out) as Row[] };
}

async function dataset(name: string, content: string): Promise<string> {
  const file = path.join(home, name);
  await writeFile(file, content);
  return file;
}

describe('cupel score', () => {
  it('prints one object a record, in file order, with every score of the contract', async () => {
    const { code, rows } = await score(sample, '--out', '-');
    expect(code).toBe(0);
    expect(rows.map(({ line }) => line)).toEqual(Array.from({ length: 64 }, (_, index) => index + 1));
    const [first] = rows;
    expect(Object.keys(first?.scores ?? {})).toEqual(allIds);
    expect(first).toMatchObject({ status: 'ok', undefined: {}, scorers: { loss: 'embedded@2', reward: 'embedded@2' } });
    expect(first?.key).toMatch(/^[0-9a-f]{32}$/);
    expect(first?.promptKey).toMatch(/^[0-9a-f]{32}$/);
  });

  it('derives every ratio from the losses it prints', async () => {
    const { rows } = await score(sample);
    const complete = rows.filter(({ scores }) => scores['ifd.ppl'] !== undefined);
    expect(complete.length).toBeGreaterThan(50);
    for (const { scores } of complete) {
      const { 'loss.cond': cond = NaN, 'loss.direct': direct = NaN, 'loss.prompt': prompt = NaN, reward = NaN } = scores;
      expect(scores['ifd.ppl']).toBeCloseTo(Math.exp(cond - direct), 10);
      expect(scores['ifd.loss']).toBeCloseTo(cond / direct, 10);
      expect(scores.icIfd).toBeCloseTo(cond / (prompt * direct), 10);
      expect(scores.car).toBeCloseTo(reward / (1 + 3 * cond), 10);
    }
  });

  it('prints only what was asked for', async () => {
    const { rows } = await score(sample, '--metrics', 'length');
    expect(rows[0]).toMatchObject({ scores: { 'length.words': 47, 'length.chars': 258 }, undefined: {}, scorers: {} });
    expect(Object.keys(rows[0]?.scores ?? {})).toEqual(['length.words', 'length.tokens', 'length.chars']);
  });

  it('says why a score is undefined instead of making one up', async () => {
    const { rows } = await score(await dataset('short.jsonl', '{"instruction":"Say yes.","output":"Yes"}\n{"instruction":"Say nothing.","output":""}\n'));
    expect(rows[0]?.undefined['ifd.ppl']).toBe('response has 1 token');
    expect(rows[0]?.scores['loss.cond']).toBeTypeOf('number');
    expect(rows[1]?.scores['length.words']).toBe(0);
    expect(rows[1]?.undefined['ifd.ppl']).toBe('response has 0 tokens');
  });

  it('scores every candidate of a preference record, the chosen one first', async () => {
    const file = await dataset('preference.jsonl', '{"prompt":"Name a colour.","chosen":"A calm colour is blue.","rejected":"no"}\n');
    const { rows } = await score(file, '--metrics', 'length');
    expect(rows[0]).toMatchObject({ exchange: 'chosen', scores: { 'length.words': 6 }, candidates: [{ name: 'rejected', scores: { 'length.words': 1 } }] });
  });

  it.each([
    ['broken JSON', '{"instruction": "a", "output": "b"', /broken|closed|end|JSON/i],
    ['an array', '["a"]', /array/],
    ['a number', '42', /number/],
    ['a bare NaN', '{"instruction":"a","output":"b","score":NaN}', /NaN/],
    ['no known shape', '{"text":"a"}', /shape/],
  ])('reports %s on its line and scores the rest', async (_, line, reason) => {
    const file = await dataset('mixed.jsonl', `\n{"instruction":"Say hello.","output":"Hello there."}\r\n${line}\n{"instruction":"Say goodbye.","output":"Goodbye then."}`);
    const { code, rows, err } = await score(file, '--metrics', 'length');
    expect(code).toBe(1);
    expect(rows.map((row) => [row.line, row.status])).toEqual([
      [2, 'ok'],
      [3, 'invalid'],
      [4, 'ok'],
    ]);
    expect(rows[1]?.reason).toMatch(reason);
    expect(err).toContain('1 of 3 lines');
  });

  it('splits the work into shards that together are the whole', async () => {
    const whole = (await score(sample, '--metrics', 'ifd')).rows;
    const parts = await Promise.all(['1/3', '2/3', '3/3'].map(async (shard) => (await score(sample, '--metrics', 'ifd', '--shard', shard)).rows));
    expect(parts.flat().sort((a, b) => a.line - b.line)).toEqual(whole);
  });

  it('writes to a file when told to', async () => {
    const out = path.join(home, 'scores.jsonl');
    const printed = await score(sample, '--metrics', 'length');
    await score(sample, '--metrics', 'length', '--out', out);
    expect(await readFile(out, 'utf8')).toBe(printed.out);
  });

  it.each([
    [['no-such-file.jsonl'], /no-such-file\.jsonl/],
    [[sample, '--metrics', 'beauty'], /no metric "beauty"/],
    [[sample, '--shard', '4/3'], /i\/n/],
    [[sample, '--loss-model', 'gpt-5'], /gpt-5/],
    [['--out'], /argument missing/],
  ])('ends with 2 and a clear sentence for %j', async (args, message) => {
    const { code, err, out } = await runCli(['score', ...args], { home });
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(out).toBe('');
  });

  it('refuses a file that is not UTF-8 with its name and the remedy', async () => {
    const file = path.join(home, 'latin1.jsonl');
    await writeFile(file, Buffer.from('{"instruction":"caf\xe9","output":"b"}\n', 'latin1'));
    const { code, err } = await runCli(['score', file], { home });
    expect(code).toBe(2);
    expect(err).toMatch(/latin1\.jsonl.*UTF-8/);
  });
});

const union = sharedData('alpaca_union.jsonl');
describe('cupel score on real data', () => {
  it.skipIf(!union)('gives 23,995 objects in order with finite numbers', async () => {
    const { code, rows } = await score(union ?? '', '--metrics', 'length', '--out', '-');
    expect(code).toBe(0);
    expect(rows).toHaveLength(23_995);
    expect(rows.every(({ line }, index) => line === index + 1)).toBe(true);
    expect(rows.every(({ scores }) => Object.values(scores).length === 3 && Object.values(scores).every(Number.isFinite))).toBe(true);
  }, 120_000);
});
