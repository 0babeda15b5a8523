import { truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { readDataset } from '../../../src/engine/files/dataset';
import { indexLines, readLines } from '../../../src/engine/files/lineIndex';
import { collect, temporaryFolder } from '../../support/engineFixture';

let file = '';
beforeEach(async () => {
  file = path.join(await temporaryFolder(onTestFinished), 'data.jsonl');
});

it.each([
  ['', [0]],
  ['\n', [0, 1]],
  ['ab', [0, 2]],
  ['ab\n', [0, 3]],
  ['ab\r\nc', [0, 4, 5]],
  ['\n\nab\n', [0, 1, 2, 5]],
])('offsets of %j', async (content, starts) => {
  await writeFile(file, content);
  const index = await indexLines(file);
  expect([...index.starts]).toEqual(starts);
  expect(index.count).toBe(starts.length - 1);
});

it('agrees with reading the dataset line by line, and reads any range of it', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r\n', 'é', '{}') });
  await fc.assert(
    fc.asyncProperty(text, fc.nat(8), fc.nat(8), async (content, start, length) => {
      await writeFile(file, content);
      const index = await indexLines(file);
      const lines = (await collect(readDataset(file))).map((line) => line.bytes.toString('utf8'));
      expect(index.count).toBe(lines.length);
      const range = await readLines(file, index, start, start + length);
      expect(range.map(String)).toEqual(lines.slice(start, start + length));
    }),
    { numRuns: 200 },
  );
});

it('finds lines across reads', async () => {
  const line = `${'x'.repeat(999)}\n`;
  await writeFile(file, line.repeat(5_000));
  const index = await indexLines(file);
  expect(index.count).toBe(5_000);
  expect([...index.starts]).toEqual(Array.from({ length: 5_001 }, (_, number) => number * 1_000));
});

it('says that a file has become shorter', async () => {
  await writeFile(file, 'one\ntwo\nthree\n');
  const index = await indexLines(file);
  await truncate(file, 5);
  await expect(readLines(file, index, 1, 3)).rejects.toThrow(`${file} has become shorter since it was read; open it again.`);
});

it('names a file that is not there', async () => {
  await expect(indexLines(file)).rejects.toThrow(`${file}: no such file or folder.`);
});
