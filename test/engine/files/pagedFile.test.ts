import { appendFile, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { readDataset } from '../../../src/engine/files/dataset';
import { pageLimits, PagedFile } from '../../../src/engine/files/pagedFile';
import { collect, temporaryFolder } from '../../support/engineFixture';

let file = '';
beforeEach(async () => {
  file = path.join(await temporaryFolder(onTestFinished), 'data.jsonl');
});

/** The whole file through its pages. */
async function allPages(paged: PagedFile): Promise<string[]> {
  const texts: string[] = [];
  for (let line = 0; line < paged.lines; line = paged.pageOf(line).endLine) {
    const page = await paged.page(line);
    expect(page.firstLine).toBe(line);
    const lines = page.text.split('\n');
    expect(lines).toHaveLength(page.endLine - page.firstLine);
    texts.push(...lines);
  }
  return texts;
}

describe('pages', () => {
  it('hold 500 lines each, and the last one the rest', async () => {
    await writeFile(file, Array.from({ length: 1203 }, (_, line) => `{"n":${line}}\n`).join(''));
    const paged = await PagedFile.open(file);
    expect(paged.lines).toBe(1203);
    expect([0, 499, 500, 1202, 5000].map((line) => paged.pageOf(line))).toEqual([
      { firstLine: 0, endLine: 500 },
      { firstLine: 0, endLine: 500 },
      { firstLine: 500, endLine: 1000 },
      { firstLine: 1000, endLine: 1203 },
      { firstLine: 1000, endLine: 1203 },
    ]);
    const page = await paged.page(1000);
    expect(page.text.split('\n')[0]).toBe('{"n":1000}');
    expect(page.text.endsWith('{"n":1202}')).toBe(true);
  });

  it('together say what reading the file line by line says', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r\n', 'é', '😀', '{}', '\n\n') });
    await fc.assert(
      fc.asyncProperty(text, fc.boolean(), async (content, mark) => {
        await writeFile(file, `${mark ? '\uFEFF' : ''}${content}`);
        const lines = (await collect(readDataset(file))).map((line) => line.text);
        expect(await allPages(await PagedFile.open(file))).toEqual(lines);
      }),
      { numRuns: 200 },
    );
  });

  it('of an empty file hold nothing', async () => {
    await writeFile(file, '');
    const paged = await PagedFile.open(file);
    expect(paged.pageOf(0)).toEqual({ firstLine: 0, endLine: 0 });
    expect((await paged.page(0)).text).toBe('');
  });

  it('hold fewer lines where these are long', async () => {
    const line = `"${'x'.repeat(1_500_000)}"\n`;
    await writeFile(file, line.repeat(5));
    const paged = await PagedFile.open(file);
    expect([0, 2, 4].map((at) => paged.pageOf(at))).toEqual([
      { firstLine: 0, endLine: 2 },
      { firstLine: 2, endLine: 4 },
      { firstLine: 4, endLine: 5 },
    ]);
  });

  it('name a line that is too long in its place, without reading it', async () => {
    await writeFile(file, `{"a":1}\n"${'x'.repeat(pageLimits.bytes)}"\n{"b":2}\n`);
    const paged = await PagedFile.open(file);
    const page = await paged.page(0);
    const [first, second, third] = page.text.split('\n');
    expect([first, third]).toEqual(['{"a":1}', '{"b":2}']);
    expect(JSON.parse(second ?? '')).toBe('Line 2 is 4 MB long and is not shown: pages hold lines of up to 4 MB. The command line reads it.');
    expect(page.tooLong).toEqual([1]);
  });

  it('keep one line one line where an editor would see two, or no text at all', async () => {
    await writeFile(file, '{"a":\r1}\n{"b":"\0"}\n');
    expect((await (await PagedFile.open(file)).page(0)).text).toBe('{"a": 1}\n{"b":"\uFFFD"}');
  });
});

describe('a file that changes underneath', () => {
  it('is read from its old end on when it only grew, a last line without an end included', async () => {
    await writeFile(file, '{"n":0}\n{"n":1');
    const paged = await PagedFile.open(file);
    await appendFile(file, '}\n{"n":2}');
    const read: number[] = [];
    expect(await paged.refresh({ onProgress: (bytes) => read.push(bytes) })).toBe(true);
    expect(await allPages(paged)).toEqual(['{"n":0}', '{"n":1}', '{"n":2}']);
    expect(await paged.refresh()).toBe(false);
  });

  it('is the same after any growth as when it is read anew', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r\n', 'é') });
    await fc.assert(
      fc.asyncProperty(text, text, async (before, more) => {
        await writeFile(file, before);
        const paged = await PagedFile.open(file);
        await appendFile(file, more);
        await paged.refresh();
        const anew = await PagedFile.open(file);
        expect([...paged.index.starts]).toEqual([...anew.index.starts]);
      }),
      { numRuns: 100 },
    );
  });

  it('is indexed anew when it was rewritten, also where it became longer', async () => {
    await writeFile(file, '{"n":0}\n{"n":1}\n');
    const paged = await PagedFile.open(file);
    await writeFile(file, '{"other":0}\n{"other":1}\n{"other":2}\n');
    expect((await paged.page(0)).text).toBe('{"other":0}\n{"other":1}\n{"other":2}');
    await writeFile(`${file}.new`, 'a\nb\n');
    await rename(`${file}.new`, file);
    expect((await paged.page(0)).text).toBe('a\nb');
  });

  it('is indexed anew when it was rewritten at the same length', async () => {
    await writeFile(file, 'ab\ncd\n');
    const paged = await PagedFile.open(file);
    await writeFile(file, 'a\nbcd\n');
    await utimes(file, new Date(), new Date(Date.now() + 5000));
    expect((await paged.page(0)).text).toBe('a\nbcd');
  });

  it('says when it is gone, and works again when it is back', async () => {
    await writeFile(file, 'a\nb\n');
    const paged = await PagedFile.open(file);
    await rm(file);
    await expect(paged.page(0)).rejects.toThrow(`${file}: no such file or folder.`);
    await writeFile(file, 'c\n');
    expect((await paged.page(0)).text).toBe('c');
  });

  it('shows what is left when it was cut', async () => {
    await writeFile(file, 'one\ntwo\nthree\n');
    const paged = await PagedFile.open(file);
    await truncate(file, 5);
    expect((await paged.page(0)).text).toBe('one\nt');
    await expect(paged.page(2)).rejects.toThrow(`${file} has only 2 lines now; open an earlier page.`);
  });
});

it.each([
  ['little', [0xff, 0xfe, 0x61, 0]],
  ['big', [0xfe, 0xff, 0, 0x61]],
])('refuses UTF-16 (%s endian) with the remedy', async (order, bytes) => {
  await writeFile(file, Buffer.from(bytes));
  await expect(PagedFile.open(file)).rejects.toThrow(`${file}: the file is UTF-16 (${order} endian); save it with the encoding UTF-8 and try again.`);
});

it('refuses a folder', async () => {
  await expect(PagedFile.open(path.dirname(file))).rejects.toThrow('it is a folder or a device, not a file.');
});

it('gives up when it is told to, and reports how far it is', async () => {
  await writeFile(file, 'x\n'.repeat(2_000_000));
  const seen: [number, number][] = [];
  const controller = new AbortController();
  const opening = PagedFile.open(file, {
    signal: controller.signal,
    onProgress: (bytes, total) => {
      seen.push([bytes, total]);
      if (seen.length === 2) controller.abort(new Error('enough'));
    },
  });
  await expect(opening).rejects.toThrow('enough');
  expect(seen[0]).toEqual([1 << 20, 4_000_000]);
});
