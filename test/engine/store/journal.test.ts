import { appendFile, readFile, truncate } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { openJournal, readJournal } from '../../../src/engine/store/journal';
import { temporaryFolder } from '../../support/engineFixture';

const schema = z.object({ text: z.string() });
type Entry = z.infer<typeof schema>;

let file = '';
beforeEach(async () => {
  file = path.join(await temporaryFolder(onTestFinished), 'journal', 'a.jsonl');
});

async function write(...entries: readonly Entry[]): Promise<void> {
  const journal = await openJournal<Entry>(file);
  await journal.append(entries);
  await journal.close();
}

const texts = async () => (await readJournal(file, schema)).entries.map((entry) => entry.text);

describe('a journal', () => {
  it('is empty before it exists', async () => {
    expect(await readJournal(file, schema)).toEqual({ entries: [], torn: false, rejected: 0 });
  });

  it('gives back any text, in order, over several sittings', async () => {
    const anyText = fc.array(fc.string({ unit: fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), fc.constantFrom('\n', '\r', '"', '\\', '\u2028', '\uD800', '\uFEFF', '\0')) }));
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (first, second) => {
        file = path.join(path.dirname(file), `${Math.random()}.jsonl`);
        await write(...first.map((text) => ({ text })));
        await write(...second.map((text) => ({ text })));
        expect(await readJournal(file, schema)).toEqual({ entries: [...first, ...second].map((text) => ({ text })), torn: false, rejected: 0 });
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the order of appends that are under way together', async () => {
    const journal = await openJournal<Entry>(file);
    await Promise.all(Array.from({ length: 50 }, (_, n) => journal.append([{ text: `${n}a` }, { text: `${n}b` }])));
    await journal.close();
    expect(await texts()).toEqual(Array.from({ length: 50 }, (_, n) => [`${n}a`, `${n}b`]).flat());
  });

  it('has on disk what it acknowledged, while it is open', async () => {
    const journal = await openJournal<Entry>(file);
    await journal.append([{ text: 'one' }]);
    expect(await readFile(file, 'utf8')).toBe('{"text":"one"}\n');
    await journal.close();
  });

  it('waits in close for what is being written, and then takes nothing more', async () => {
    const journal = await openJournal<Entry>(file);
    const appended = journal.append([{ text: 'last' }]);
    await journal.close();
    await appended;
    await expect(journal.append([{ text: 'late' }])).rejects.toThrow('The journal is closed.');
    expect(await texts()).toEqual(['last']);
  });
});

describe('a torn last line', () => {
  it('is left out wherever the file was cut', async () => {
    const entries = [{ text: 'one' }, { text: 'zwölf 🎨' }, { text: 'three' }];
    await write(...entries);
    const whole = await readFile(file);
    for (let length = whole.length; length >= 0; length -= 1) {
      await truncate(file, length);
      const read = await readJournal(file, schema);
      const left = whole.subarray(0, length).toString('latin1');
      // An entry whose end of line alone is missing is whole.
      const complete = left.split('\n').filter((line) => line.endsWith('}')).length;
      expect(read).toEqual({ entries: entries.slice(0, complete), torn: left !== '' && !/[}\n]$/.test(left), rejected: 0 });
    }
  });

  it.each(['{"text":"cut o', '{"text":"cut off"}', '{', '\0\0\0'])('never merges with what is appended after %j', async (torn) => {
    await write({ text: 'before' });
    await appendFile(file, torn);
    await write({ text: 'after' });
    const read = await texts();
    expect(read.filter((text) => text !== 'cut off')).toEqual(['before', 'after']);
  });

  it('that another process left while this one had the journal open takes no acknowledged entry along', async () => {
    const journal = await openJournal<Entry>(file);
    await journal.append([{ text: 'before' }]);
    await appendFile(file, '{"text":"cut o');
    await journal.append([{ text: 'after' }]);
    await journal.close();
    expect(await texts()).toEqual(['before', 'after']);
  });

  it('counts as rejected once something stands after it', async () => {
    await write({ text: 'before' });
    await appendFile(file, '{"text":"cut o');
    await write({ text: 'after' });
    expect(await readJournal(file, schema)).toMatchObject({ torn: false, rejected: 1 });
  });
});

it('leaves out and counts lines that do not fit', async () => {
  await write({ text: 'good' });
  await appendFile(file, '\n{"text":1}\nnot JSON\n{"text":"also good"}\n');
  expect(await readJournal(file, schema)).toEqual({ entries: [{ text: 'good' }, { text: 'also good' }], torn: false, rejected: 2 });
});

it('reads entries that are longer than a read', async () => {
  const long = 'x'.repeat(3_000_000);
  await write({ text: long }, { text: 'short' });
  expect((await texts()).map((text) => text.length)).toEqual([3_000_000, 5]);
});

it('rejects where there is no folder to write in', async () => {
  await write({ text: 'a file' });
  await expect(openJournal(path.join(file, 'b.jsonl'))).rejects.toThrow(/ENOTDIR|EEXIST/);
});
