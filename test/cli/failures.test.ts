import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { runCli, temporaryFolder } from '../support/runCli';

const root = fileURLToPath(new URL('../../', import.meta.url));

let home: string;
beforeEach(async () => {
  home = await temporaryFolder();
  await writeFile(path.join(home, 'data.jsonl'), '{"instruction":"Say hello.","output":"Hello there, friend."}\n');
});

describe('what a person cannot be spared is said in one sentence, with exit 2', () => {
  it.each([
    ['score data.jsonl --tokenizer latin', "error: option '--tokenizer <name>' argument 'latin' is invalid. There is no tokenizer \"latin\". Known: o200k_base, cl100k_base, p50k_base, r50k_base.\n"],
    ['regenerate data.jsonl --teacher http://exa%mple/v1#m --out p.jsonl', '"http://exa%mple/v1" is not the address of a server.\n'],
    ['regenerate data.jsonl --teacher http://127.0.0.1:99999/v1#m --out p.jsonl', '"http://127.0.0.1:99999/v1" is not the address of a server.\n'],
  ])('%s', async (command, message) => {
    expect(await runCli(command.split(' '), { home })).toEqual({ code: 2, out: '', err: message });
  });

  it.each([['score data.jsonl'], ['regenerate data.jsonl --teacher data.jsonl --out p.jsonl']])('a store that cannot be used: %s', async (command) => {
    await writeFile(path.join(home, 'store'), 'a file where the folder should be');
    const { code, out, err } = await runCli(command.split(' '), { home });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^The folder of scores and proposals cannot be used: \S+: a part of the path is a file, not a folder\. CUPEL_HOME names another one\.\n$/);
  });

  it.skipIf(process.platform !== 'linux')('a store where no folder can be made', async () => {
    const { code, out, err } = await runCli(['score', 'data.jsonl'], { home, env: { CUPEL_HOME: '/proc/cupel' } });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe('Scores could not be kept: /proc/cupel/journal: no such file or folder. What was finished before is safe; the next run goes on from there.\n');
  });

  it.skipIf(process.platform !== 'linux')('an output that takes no more', async () => {
    const child = spawn(process.execPath, [path.join(root, 'dist/cli.cjs'), 'score', 'data.jsonl', '--metrics', 'length'], { cwd: home, stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'] });
    let err = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(2);
    expect(err).toBe('Could not write to standard output: no space left on the disk.\n');
  });
});

it('counts lengths without a store', async () => {
  await writeFile(path.join(home, 'store'), 'a file where the folder should be');
  const { code, out, err } = await runCli(['score', 'data.jsonl', '--metrics', 'length'], { home });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('"length.words":5');
});
