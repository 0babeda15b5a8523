import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Proposal } from '../../../src/core/proposals/proposal';
import { DatasetError } from '../../../src/engine/files/dataset';
import { applyProposals } from '../../../src/engine/operations/applyProposals';
import { planProposals } from '../../../src/engine/operations/planProposals';
import { temporaryFolder } from '../../support/engineFixture';

let file = '';
beforeEach(async () => {
  file = path.join(await temporaryFolder(onTestFinished), 'data.jsonl');
});

/** What a teacher would have proposed for every record of the file, one response a line. */
async function proposalsFor(...responses: readonly string[]): Promise<Proposal[]> {
  const { requests } = await planProposals({ file });
  return requests.map(({ line, recordKey, promptKey, exchange }, index) => ({
    id: `${index}`,
    file,
    line,
    recordKey,
    promptKey,
    exchange: exchange.name,
    path: exchange.response.path,
    mode: 'regenerate',
    teacher: 'teacher',
    status: 'pending',
    response: responses[index] ?? 'new',
  }));
}

describe('proposals applied to a file', () => {
  it.each([
    ['CRLF and a byte-order mark', '\uFEFF{"instruction":"a","output":"old"}\r\n\r\n{"instruction":"b","output":"ä"}\r\n', '\uFEFF{"instruction":"a","output":"new"}\r\n\r\n{"instruction":"b","output":"new"}\r\n'],
    ['no last line end', '{"instruction":"a","output":"old"}', '{"instruction":"a","output":"new"}'],
    ['keys that occur twice: the last one counts', '{"instruction":"a","output":"x","output":"y"}\n', '{"instruction":"a","output":"x","output":"new"}\n'],
    ['the first of several responses', '{"instruction":"a","responses":["x","y"]}\n', '{"instruction":"a","responses":["new","y"]}\n'],
    ['a preference', '{"prompt":"p","chosen":"good","rejected":"bad"}\n', '{"prompt":"p","chosen":"new","rejected":"bad"}\n'],
    ['nested instances', '{"instruction":"a","instances":[{"input":"i","output":"x"},{"input":"j","output":"y"}]}\n', '{"instruction":"a","instances":[{"input":"i","output":"new"},{"input":"j","output":"y"}]}\n'],
    ['an empty response', '{"instruction":"a","output":""}\n', '{"instruction":"a","output":"new"}\n'],
    ['lines that are no records', '{"instruction":"a","output":"x"}\nnot json\n[1]\n', '{"instruction":"a","output":"new"}\nnot json\n[1]\n'],
  ])('change nothing but the response: %s', async (_, before, after) => {
    await writeFile(file, before);
    const proposals = await proposalsFor();
    const report = await applyProposals({ file, proposals });
    expect(await readFile(file, 'utf8')).toBe(after);
    expect(report).toMatchObject({ applied: proposals.length, notFound: [] });
  });

  it('keep half a character as its escape', async () => {
    await writeFile(file, '{"instruction":"a","output":"\\ud83d"}\n');
    await applyProposals({ file, proposals: await proposalsFor('\ud83d!') });
    expect(await readFile(file, 'utf8')).toBe('{"instruction":"a","output":"\\ud83d!"}\n');
  });

  it('find the response where the same conversation is written in another shape now', async () => {
    await writeFile(file, '{"instruction":"a","output":"old"}\n');
    const proposals = await proposalsFor('new');
    await writeFile(file, '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"old"}]}\n');
    expect(await applyProposals({ file, proposals })).toMatchObject({ applied: 1, notFound: [] });
    expect(await readFile(file, 'utf8')).toBe('{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"new"}]}\n');
  });

  it('never write where the file of proposals points beside the response', async () => {
    await writeFile(file, '{"instruction":"a","output":"old"}\n');
    const [proposal] = await proposalsFor('new');
    const forged = { ...proposal, path: ['instruction'] } as Proposal;
    await applyProposals({ file, proposals: [forged] });
    expect(await readFile(file, 'utf8')).toBe('{"instruction":"a","output":"new"}\n');
  });

  it('count as applied only when they are: of two for one record the later one is, and the other is named', async () => {
    await writeFile(file, '{"instruction":"a","output":"old"}\n');
    const [first] = await proposalsFor('first');
    if (first === undefined) throw new Error('one proposal was expected');
    const report = await applyProposals({ file, proposals: [first, { ...first, id: 'second', response: 'second' }] });
    expect(await readFile(file, 'utf8')).toBe('{"instruction":"a","output":"second"}\n');
    expect(report).toEqual({ applied: 1, notFound: [], superseded: [first] });
  });

  it('go to the lines they were made for where a record occurs several times', async () => {
    await writeFile(file, '{"instruction":"a","output":"old"}\n{"instruction":"a","output":"old"}\n');
    const report = await applyProposals({ file, proposals: await proposalsFor('one', 'two') });
    expect(await readFile(file, 'utf8')).toBe('{"instruction":"a","output":"one"}\n{"instruction":"a","output":"two"}\n');
    expect(report).toEqual({ applied: 2, notFound: [], superseded: [] });
  });
});

it.skipIf(process.platform === 'win32')('a pipe, which can be read only once, is refused where a file is read twice', async () => {
  execFileSync('mkfifo', [file]);
  await expect(applyProposals({ file, proposals: [] })).rejects.toThrow(new DatasetError(`${file} is a pipe or a device, and this reads it more than once; save it as a file first.`));
});
