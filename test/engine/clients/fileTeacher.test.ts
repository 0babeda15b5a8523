import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProposalMode } from '../../../src/core/proposals/proposal';
import { parseLine } from '../../../src/core/record/parseRecord';
import { AnswerIndexes, createFileTeacher, describeIndex } from '../../../src/engine/clients/fileTeacher';
import type { Answer } from '../../../src/engine/clients/teacher';
import { sharedData } from '../../support/sharedData';

let folder = '';
const indexes = new AnswerIndexes();

beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'cupel-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

async function teacherFile(content: string): Promise<string> {
  const file = path.join(folder, 'wise.jsonl');
  await writeFile(file, content);
  return file;
}

function lines(...records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

/** What the teacher file says about the exchange of `record`, which stands on line 12 of its own dataset. */
async function ask(file: string, record: unknown, mode: ProposalMode = 'regenerate'): Promise<Answer> {
  const signal = new AbortController().signal;
  const teacher = await createFileTeacher({ kind: 'file', id: 'wise', path: file }, mode, { indexes, now: () => new Date(0) }, signal);
  const parsed = parseLine(JSON.stringify(record));
  const exchange = parsed.status === 'ok' ? parsed.record.exchanges[0] : undefined;
  if (exchange === undefined) throw new Error('no exchange');
  return teacher.answer({ exchange, line: 12, mode }, signal);
}

const fruit = { instruction: 'Name a fruit.', input: '', output: 'apple' };

describe('a file as teacher', () => {
  it('gives its response to the same instruction, and says where it stands', async () => {
    const file = await teacherFile(lines({ instruction: 'Other', output: 'x' }, { instruction: 'Name a fruit.', output: 'A ripe pear.' }));
    expect(await ask(file, fruit)).toEqual({
      ok: true,
      response: 'A ripe pear.',
      provenance: { teacher: 'wise', model: 'wise.jsonl', parameters: { line: 2 }, promptTemplate: 'file@1', time: '1970-01-01T00:00:00.000Z' },
    });
  });

  it.each([
    ['messages', { messages: [{ role: 'user', content: 'Name a fruit.' }, { role: 'assistant', content: 'pear' }] }],
    ['ShareGPT', { conversations: [{ from: 'human', value: 'Name a fruit.' }, { from: 'gpt', value: 'pear' }] }],
    ['prompt and completion', { prompt: 'Name a fruit.', completion: 'pear' }],
    ['the chosen one of a preference', { prompt: 'Name a fruit.', chosen: 'pear', rejected: 'stone' }],
  ])('may be of another shape: %s', async (_, record) => {
    expect(await ask(await teacherFile(lines(record)), fruit)).toMatchObject({ ok: true, response: 'pear' });
  });

  it('tells instructions apart by their input', async () => {
    const file = await teacherFile(lines({ instruction: 'Sort.', input: '2 1', output: '1 2' }, { instruction: 'Sort.', input: 'b a', output: 'a b' }));
    expect(await ask(file, { instruction: 'Sort.', input: 'b a', output: '?' })).toMatchObject({ response: 'a b' });
  });

  it('takes the first of several responses and counts the rest', async () => {
    const file = await teacherFile(lines({ ...fruit, output: 'pear' }, { ...fruit, output: 'plum' }, { instruction: 'Next', output: '' }) + 'broken\n');
    expect(await ask(file, fruit)).toMatchObject({ response: 'pear' });
    const opened = await indexes.open(file);
    expect(opened.ok && describeIndex(opened.value)).toBe('2 responses, 1 to prompts that an earlier line answers (the first counts), 2 lines without one');
  });

  it('is read again when it changes', async () => {
    const file = await teacherFile(lines({ ...fruit, output: 'pear' }));
    await ask(file, fruit);
    await writeFile(file, lines({ ...fruit, output: 'plum' }));
    await utimes(file, 1, 1);
    expect(await ask(file, fruit)).toMatchObject({ response: 'plum' });
  });

  it('is read once while it stays', async () => {
    const file = await teacherFile(lines({ ...fruit, output: 'pear' }));
    const [one, two] = [await indexes.open(file), await indexes.open(file)];
    expect(one.ok && two.ok && one.value === two.value).toBe(true);
  });
});

it('rejects for a run that was cancelled while another one read the file for it', async () => {
  const file = await teacherFile(lines({ ...fruit, output: 'pear' }));
  const cancelled = new AbortController();
  const first = indexes.open(file);
  const second = indexes.open(file, cancelled.signal);
  cancelled.abort(new Error('never mind'));
  await expect(second).rejects.toThrow('never mind');
  expect(await first).toMatchObject({ ok: true, value: { rows: 1 } });
});

it('serves a run although another one that began to read the same file was cancelled', async () => {
  const file = await teacherFile(lines({ ...fruit, output: 'pear' }));
  const cancelled = new AbortController();
  const first = indexes.open(file, cancelled.signal);
  const second = indexes.open(file);
  cancelled.abort(new Error('never mind'));
  await expect(first).rejects.toThrow('never mind');
  expect(await second).toMatchObject({ ok: true, value: { rows: 1 } });
});

describe('a teacher file that cannot answer', () => {
  it('names itself and the line', async () => {
    const file = await teacherFile(lines({ instruction: 'Other', output: 'x' }));
    expect(await ask(file, fruit)).toEqual({ ok: false, reason: `${file} has no response to this instruction (line 12)` });
  });

  it('is missing', async () => {
    const file = path.join(folder, 'nowhere.jsonl');
    expect(await ask(file, fruit)).toEqual({ ok: false, reason: `${file}: no such file or folder.` });
  });

  it('is a folder', async () => {
    expect(await ask(folder, fruit)).toEqual({ ok: false, reason: `${folder}: it is a folder, not a file.` });
  });

  it('is in no readable encoding', async () => {
    const file = await teacherFile('');
    await writeFile(file, Buffer.from([0x7b, 0xff, 0x0a]));
    expect(await ask(file, fruit)).toEqual({ ok: false, reason: `${file}, line 1: not UTF-8; save the file with the encoding UTF-8 and try again.` });
  });

  it('is asked to refine', async () => {
    const file = await teacherFile(lines({ ...fruit, output: 'pear' }));
    expect(await ask(file, fruit, 'refine')).toEqual({ ok: false, reason: 'wise is a file: it cannot refine a response, only an endpoint can' });
  });
});

const real = sharedData('alpaca_union.jsonl');

it.skipIf(real === undefined)('joins every record of a real dataset with itself', async () => {
  const opened = await indexes.open(real ?? '');
  if (!opened.ok) throw new Error(opened.reason);
  const { rows, repeated, unreadable, responses } = opened.value;
  expect(rows + unreadable).toBe(23_995);
  expect(responses.size + repeated).toBe(rows);
});
