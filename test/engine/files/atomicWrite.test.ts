import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { sha256OfFile, WriteError, writeAtomically } from '../../../src/engine/files/atomicWrite';
import { temporaryFolder } from '../../support/engineFixture';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await temporaryFolder(onTestFinished);
  file = path.join(folder, 'out.jsonl');
});

describe('a file written whole', () => {
  it('holds all chunks, strings and bytes, and says its size and hash', async () => {
    const written = await writeAtomically(file, ['größer\n', Buffer.from('bytes\r\n'), '']);
    expect(await readFile(file, 'utf8')).toBe('größer\nbytes\r\n');
    expect(written).toEqual({ bytes: 16, sha256: createHash('sha256').update('größer\nbytes\r\n').digest('hex') });
    expect(await sha256OfFile(file)).toBe(written.sha256);
  });

  it('may be empty', async () => {
    expect((await writeAtomically(file, [])).bytes).toBe(0);
    expect(await readFile(file, 'utf8')).toBe('');
  });

  it('takes many small chunks', async () => {
    async function* chunks() {
      for (let n = 0; n < 300_000; n += 1) {
        if (n % 100_000 === 0) await Promise.resolve();
        yield `${n}\n`;
      }
    }
    const written = await writeAtomically(file, chunks());
    const text = await readFile(file, 'utf8');
    expect(text.split('\n').length).toBe(300_001);
    expect(written.bytes).toBe(text.length);
  });

  it('replaces what stood there and keeps its permissions', async () => {
    await writeFile(file, 'old', { mode: 0o640 });
    await writeAtomically(file, ['new']);
    expect(await readFile(file, 'utf8')).toBe('new');
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(await readdir(folder)).toEqual(['out.jsonl']);
  });

  it('is written through a link', async () => {
    await writeFile(file, 'old');
    const link = path.join(folder, 'link.jsonl');
    await symlink(file, link);
    await writeAtomically(link, ['new']);
    expect(await readFile(file, 'utf8')).toBe('new');
  });
});

describe('a file that cannot be written', () => {
  it('is unchanged when its chunks fail half-way, and nothing is left beside it', async () => {
    await writeFile(file, 'old');
    function* chunks() {
      yield 'half';
      yield 'x'.repeat(3 << 20);
      throw new Error('the source broke');
    }
    await expect(writeAtomically(file, chunks())).rejects.toThrow('the source broke');
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['out.jsonl']);
  });

  it('names a folder that is not there', async () => {
    const missing = path.join(folder, 'nowhere', 'out.jsonl');
    await expect(writeAtomically(missing, ['new'])).rejects.toThrow(
      new WriteError(`Could not write ${missing}: no such file or folder. Nothing was changed there; the file that stood there, if any, is still whole.`),
    );
  });

  it('does not replace a folder', async () => {
    await mkdir(file);
    await expect(writeAtomically(file, ['new'])).rejects.toThrow(WriteError);
    expect(await readdir(folder)).toEqual(['out.jsonl']);
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('is unchanged in a folder that may not be written', async () => {
    await writeFile(file, 'old');
    await chmod(folder, 0o555);
    onTestFinished(() => chmod(folder, 0o755));
    await expect(writeAtomically(file, ['new'])).rejects.toThrow(`Could not write ${file}: permission denied.`);
    expect(await readFile(file, 'utf8')).toBe('old');
  });

  it.skipIf(process.platform === 'win32')('goes into a pipe or a device, such as /dev/null, and does not take its place', async () => {
    execFileSync('mkfifo', [file]);
    const reader = await open(file, constants.O_RDWR | constants.O_NONBLOCK);
    onTestFinished(() => reader.close());
    const { bytes } = await writeAtomically(file, ['one\n', 'two\n']);
    expect((await lstat(file)).isFIFO()).toBe(true);
    expect((await reader.read(Buffer.alloc(100), 0, 100, null)).buffer.toString('utf8', 0, bytes)).toBe('one\ntwo\n');
    expect(await readdir(folder)).toEqual(['out.jsonl']);
  });
});
