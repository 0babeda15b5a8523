import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeFolder } from '../../../src/engine/files/makeFolder';
import { temporaryFolder } from '../../support/engineFixture';

it('makes a folder with those above it, and leaves one that is there', async () => {
  const folder = path.join(await temporaryFolder(onTestFinished), 'a', 'b', 'c');
  await Promise.all([makeFolder(folder), makeFolder(folder)]);
  await makeFolder(folder);
  expect((await stat(folder)).isDirectory()).toBe(true);
});

it('says when a file stands in the way', async () => {
  const file = path.join(await temporaryFolder(onTestFinished), 'file');
  await writeFile(file, '');
  await expect(makeFolder(file)).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolder(path.join(file, 'folder'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

it.skipIf(process.platform !== 'linux')('gives up where no folder can be made', async () => {
  await expect(makeFolder('/proc/cupel/journal')).rejects.toMatchObject({ code: 'ENOENT' });
});
