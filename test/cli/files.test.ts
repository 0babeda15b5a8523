import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { jsonLines, runCli, temporaryFolder } from '../support/runCli';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));
const sample = path.join(examples, 'sample.jsonl');
const teacher = (name: string) => path.join(examples, 'teachers', `${name}.jsonl`);

let home: string;
beforeEach(async () => {
  home = await temporaryFolder();
});

function cupel(...args: string[]) {
  return runCli(args, { home });
}

describe('cupel select', () => {
  it('writes the chosen lines byte for byte in file order, with a manifest that proves it', async () => {
    const out = path.join(home, 'longest.jsonl');
    expect((await cupel('select', sample, '--longest', '5', '--out', out)).code).toBe(0);

    const written = await readFile(out, 'utf8');
    const lines = (await readFile(sample, 'utf8')).split('\n');
    const places = written.trimEnd().split('\n').map((line) => lines.indexOf(line));
    expect(places).toHaveLength(5);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);

    const manifest = JSON.parse(await readFile(path.join(home, 'longest.manifest.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      input: { name: 'sample.jsonl', sha256: sha256(await readFile(sample)) },
      output: { name: 'longest.jsonl', sha256: sha256(written), records: 5, format: 'lines' },
      rule: { kind: 'longest', count: 5 },
      scorers: { tokenizer: 'o200k_base' },
    });
  });

  it('gives the same bytes for the same seed', async () => {
    const [one, two, other] = await Promise.all(
      ['7', '7', '8'].map(async (seed, index) => {
        const out = path.join(home, `random${index}.jsonl`);
        await cupel('select', sample, '--random', '10', '--seed', seed, '--out', out);
        return readFile(out, 'utf8');
      }),
    );
    expect(two).toBe(one);
    expect(other).not.toBe(one);
  });

  it('takes floor(rate × all) by a score under a bound and never an undefined one', async () => {
    const out = path.join(home, 'ifd.jsonl');
    await cupel('select', sample, '--top', 'ifd.ppl', '--below', '1', '--rate', '0.1', '--out', out);
    const chosen = (await readFile(out, 'utf8')).trimEnd().split('\n');
    expect(chosen).toHaveLength(6);
    const scores = await runCli(['score', out, '--metrics', 'ifd'], { home });
    for (const row of jsonLines(scores.out) as { scores: Record<string, number> }[]) expect(row.scores['ifd.ppl']).toBeLessThan(1);
  });

  it.each([
    [[], /exactly one/],
    [['--longest', '3', '--random', '3'], /exactly one/],
    [['--top', 'ifd.ppl', '--rate', '2'], /rate/],
  ])('refuses %j', async (args, message) => {
    const { code, err } = await cupel('select', sample, ...args, '--out', path.join(home, 'x.jsonl'));
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  it('never replaces the dataset itself', async () => {
    const file = path.join(home, 'data.jsonl');
    await writeFile(file, await readFile(sample));
    const { code, err } = await cupel('select', file, '--longest', '3', '--out', file);
    expect(code).toBe(2);
    expect(err).toContain('choose another file');
    expect(await readFile(file)).toEqual(await readFile(sample));
  });
});

describe('cupel regenerate and apply', () => {
  const alpaca = (eol: string) => `\uFEFF{ "output" : "old",  "instruction":"What is the plural of \\"mouse\\" (the animal)?","n":1.0e5 }${eol}{"instruction":"Unknown to every teacher","output":"x"}${eol}`;

  it.each([['LF', '\n'], ['CRLF', '\r\n']])('changes one response and no other byte (%s, byte-order mark, odd spacing)', async (_, eol) => {
    const file = path.join(home, 'data.jsonl');
    const proposals = path.join(home, 'proposals.jsonl');
    await writeFile(file, alpaca(eol));
    const asked = await cupel('regenerate', file, '--teacher', teacher('concise'), '--out', proposals);
    expect(asked.code).toBe(1);
    expect(asked.err).toMatch(/data\.jsonl:2: failed: .*no response/);

    expect((await cupel('apply', file, proposals)).code).toBe(0);
    expect(await readFile(file, 'utf8')).toBe(alpaca(eol).replace('"old"', '"Mice."'));
  });

  it('leaves a record alone that was edited since the teacher was asked', async () => {
    const file = path.join(home, 'data.jsonl');
    const proposals = path.join(home, 'proposals.jsonl');
    await writeFile(file, alpaca('\n'));
    await cupel('regenerate', file, '--teacher', teacher('concise'), '--out', proposals);
    const edited = alpaca('\n').replace('"old"', '"my own words"');
    await writeFile(file, edited);
    const { code, err } = await cupel('apply', file, proposals);
    expect(code).toBe(1);
    expect(err).toMatch(/line 1 has changed/);
    expect(await readFile(file, 'utf8')).toBe(edited);
  });

  it('carries scores of both responses in each proposal', async () => {
    const proposals = path.join(home, 'proposals.jsonl');
    await cupel('regenerate', sample, '--teacher', `long=${teacher('detailed')}`, '--lines', '1,3-4', '--out', proposals);
    const rows = jsonLines(await readFile(proposals, 'utf8')) as { line: number; teacher: string; before: unknown; after: unknown }[];
    expect(rows.map(({ line, teacher: name }) => [line, name])).toEqual([[1, 'long'], [3, 'long'], [4, 'long']]);
    for (const row of rows) expect(row).toMatchObject({ before: { reward: { scorer: 'embedded@2' } }, after: { reward: { scorer: 'embedded@2' } } });
  });

  it('does not ask a server elsewhere without a yes', async () => {
    const { code, err } = await cupel('regenerate', sample, '--teacher', 'https://api.example.com/v1#big-model', '--out', path.join(home, 'p.jsonl'));
    expect(code).toBe(2);
    expect(err).toMatch(/big-model at api\.example\.com for 63 responses.*--yes/s);
  });

  it.each([['a teacher nobody knows', 'gemma'], ['a missing file', 'missing.jsonl']])('says what is wrong with %s', async (_, name) => {
    const { code, err } = await cupel('regenerate', sample, '--teacher', name, '--lines', '1', '--out', path.join(home, 'p.jsonl'));
    expect(code).not.toBe(0);
    expect(err).toContain(name);
  });
});

describe('cupel rank-teachers', () => {
  it('compares on common instructions, reports what is missing, and names teachers', async () => {
    const { code, out } = await cupel('rank-teachers', teacher('concise'), `verbose=${teacher('detailed')}`, teacher('friendly'), '--json');
    expect(code).toBe(0);
    const ranking = JSON.parse(out) as { records: number; dropped: object; beta: number; teachers: { teacher: string; n: number; car: number }[]; spearman: object };
    expect(ranking).toMatchObject({ records: 59, dropped: { friendly: 1 }, beta: 3 });
    expect(ranking.teachers.map(({ teacher: name }) => name).sort()).toEqual(['concise', 'friendly', 'verbose']);
    expect(ranking.teachers.every(({ n }) => n === 59)).toBe(true);
    expect(ranking.teachers.map(({ car }) => car)).toEqual(ranking.teachers.map(({ car }) => car).sort((a, b) => b - a));
    expect(ranking.spearman).toHaveProperty('car~reward');
  });

  it('ranks what a teacher has proposed for a dataset, applied or not', async () => {
    await cupel('regenerate', sample, '--teacher', `thorough=${teacher('detailed')}`, '--lines', '1-20', '--out', path.join(home, 'proposals.jsonl'));
    const { out } = await cupel('rank-teachers', `thorough@${sample}`, teacher('concise'), '--json');
    expect(JSON.parse(out)).toMatchObject({ records: 20, dropped: { thorough: 40 } });
  });

  it('takes a file that is there as it is, also with @ or = in its name', async () => {
    for (const name of ['gpt@v1.jsonl', 'a=b.jsonl']) await writeFile(path.join(home, name), await readFile(teacher('concise')));
    const { out } = await cupel('rank-teachers', 'gpt@v1.jsonl', 'a=b.jsonl', '--json');
    expect((JSON.parse(out) as { teachers: { teacher: string }[] }).teachers.map(({ teacher: name }) => name).sort()).toEqual(['a=b', 'gpt@v1']);
  });

  it('refuses two files of one name', async () => {
    const { code, err } = await cupel('rank-teachers', teacher('concise'), teacher('concise'));
    expect(code).toBe(2);
    expect(err).toContain('NAME=FILE');
  });
});

describe('cupel export, check, stats', () => {
  it('exports messages that hold the same conversations', async () => {
    const out = path.join(home, 'messages.jsonl');
    const { code } = await cupel('export', sample, '--format', 'messages', '--out', out);
    expect(code).toBe(1); // The record without an answer cannot be exported.
    const keys = async (file: string) => (jsonLines((await cupel('score', file, '--metrics', 'length')).out) as { key: string }[]).map(({ key }) => key);
    expect(await keys(out)).toEqual((await keys(sample)).slice(0, 63));
    expect(JSON.parse(await readFile(path.join(home, 'messages.manifest.json'), 'utf8'))).toMatchObject({ output: { records: 63, format: 'messages' } });
  });

  it('checks for a trainer: findings on their lines and exit 1', async () => {
    const { code, out } = await cupel('check', sample, '--trainer', 'llamafactory-sharegpt', '--json');
    expect(code).toBe(1);
    const findings = jsonLines(out) as { line: number; severity: string }[];
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.every(({ line, severity }) => line >= 1 && ['error', 'warning'].includes(severity))).toBe(true);
  });

  it('summarises a file', async () => {
    const { code, out } = await cupel('stats', sample, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ records: 64, invalid: 0, duplicates: 1, shapes: { alpaca: 61, messages: 3 } });
  });

  it.each([[['export', sample, '--format', 'parchment', '--out', 'x'], /parchment/], [['check', sample, '--trainer', 'gym'], /gym/], [['dance'], /unknown command/]])('ends with 2 for %j', async (args, message) => {
    const { code, err } = await cupel(...args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
