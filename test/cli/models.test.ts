import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkpointFolder } from '../support/checkpoints';
import { jsonLines, runCli, temporaryFolder } from '../support/runCli';

interface Row {
  readonly scores: Readonly<Record<string, number>>;
  readonly undefined: Readonly<Record<string, string>>;
  readonly scorers: Readonly<Record<string, string>>;
}

const sample = fileURLToPath(new URL('../../examples/sample.jsonl', import.meta.url));
const trained = checkpointFolder('gpt2-trained');

let home: string;
beforeEach(async () => {
  home = await temporaryFolder();
});

async function score(...args: string[]) {
  const result = await runCli(['score', ...args], { home });
  return { ...result, rows: jsonLines(result.out) as Row[] };
}

describe('cupel score with other models', () => {
  it('takes a checkpoint in a folder, and tells one procedure from the other', async () => {
    const [superfiltering, cherry] = await Promise.all([
      score(sample, '--metrics', 'ifd', '--loss-model', trained),
      score(sample, '--metrics', 'ifd', '--loss-model', trained, '--ifd-preset', 'cherry'),
    ]);
    expect([superfiltering.code, cherry.code]).toEqual([0, 0]);
    const ids = [superfiltering, cherry].map(({ rows }) => new Set(rows.flatMap(({ scorers }) => scorers.loss ?? [])));
    expect(ids.map((all) => [...all].map((id) => id.replace(/@[0-9a-f]{8}/, '')))).toEqual([['gpt2-trained/superfiltering'], ['gpt2-trained/cherry']]);
    expect(superfiltering.rows.some(({ scores }) => Number.isFinite(scores['ifd.ppl']))).toBe(true);
  });

  it('takes a relative folder from where it is run', async () => {
    const result = await runCli(['score', sample, '--metrics', 'ifd', '--loss-model', './gpt2-trained'], { home, cwd: path.dirname(trained) });
    expect(result.code).toBe(0);
  });

  it('names the scorers in a ranking and in a manifest', async () => {
    const one = path.join(home, 'one.jsonl');
    await writeFile(one, '{"instruction":"Name a metal.","output":"Gold, of course."}\n{"instruction":"Name a fruit.","output":"A pear."}\n');
    const ranking = await runCli(['rank-teachers', one, '--loss-model', trained, '--json'], { home });
    expect(JSON.parse(ranking.out)).toMatchObject({ records: 2 });
    const { scorers } = JSON.parse(ranking.out) as { scorers: Record<string, string> };
    expect(scorers.loss).toMatch(/^gpt2-trained@.*\/superfiltering$/);
    expect(scorers.reward).toMatch(/^embedded@/);
  });

  it.each([
    [['--loss-model', 'tei:http://127.0.0.1:1'], '"tei:" is no kind of loss model'],
    [['--loss-model', './nowhere'], 'nowhere'],
    [['--loss-model', 'nobody/nothing'], '`cupel download nobody/nothing` fetches them'],
    [['--reward-model', 'tiny'], '"tiny" cannot measure reward'],
    [['--reward-model', 'judge:nobody'], 'There is no teacher "nobody"'],
    [['--reward-model', 'judge:https://judge.invalid/v1#gpt-x'], 'Add --yes to go ahead.'],
    [['--loss-model', checkpointFolder('gpt2-reward')], 'losses need a language model'],
    [['--ifd-preset', 'mine'], 'Allowed choices are superfiltering, cherry.'],
  ])('%j is refused with one sentence and code 2', async (args, reason) => {
    const { code, out, err } = await score(sample, '--metrics', 'ifd,reward', ...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(reason);
    expect(err).not.toContain('    at ');
  });
});
