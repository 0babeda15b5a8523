import { copyFile, link, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { runCli, temporaryFolder } from '../support/runCli';

const sample = fileURLToPath(new URL('../../examples/sample.jsonl', import.meta.url));

let home: string;
beforeEach(async () => {
  home = await temporaryFolder();
});

describe('an output that is also an input', () => {
  beforeEach(async () => {
    await copyFile(sample, path.join(home, 'data.jsonl'));
    await copyFile(sample, path.join(home, 'teacher.jsonl'));
    await symlink('data.jsonl', path.join(home, 'link.jsonl'));
    await link(path.join(home, 'data.jsonl'), path.join(home, 'hard.jsonl'));
    await writeFile(path.join(home, 'proposals.jsonl'), '');
  });

  it.each([
    ['score data.jsonl --metrics length --out data.jsonl', 'data.jsonl'],
    ['score data.jsonl --metrics length --out link.jsonl', 'data.jsonl'],
    ['export data.jsonl --format messages --out ./data.jsonl', 'data.jsonl'],
    ['export data.jsonl --format messages --out link.jsonl', 'data.jsonl'],
    ['select data.jsonl --longest 2 --out hard.jsonl', 'data.jsonl'],
    ['regenerate data.jsonl --teacher teacher.jsonl --out link.jsonl', 'data.jsonl'],
    ['regenerate data.jsonl --teacher teacher.jsonl --out teacher.jsonl', 'teacher.jsonl'],
    ['apply data.jsonl proposals.jsonl --out proposals.jsonl', 'proposals.jsonl'],
  ])('is refused before any work: %s', async (command, input) => {
    const before = await readFile(path.join(home, input));
    const { code, err } = await runCli(command.split(' '), { home });
    expect(err).toMatch(/^\S+ is the same file as \S+, which is read; choose another file to write to\.\n$/);
    expect(code).toBe(2);
    expect(await readFile(path.join(home, input))).toEqual(before);
  });
});
