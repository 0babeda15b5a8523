import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { DatasetError } from '../files/dataset';

/**
 * Remembers how a file looks now. The check it returns throws when the file has changed since, so that scores of one
 * version never choose, or overwrite, lines of another. A pipe or a device is refused, as it cannot be read again,
 * unless it is read `once`. Call it last, before what was written takes its place or what was read is told.
 */
export async function rememberVersion(file: string, { once = false } = {}): Promise<() => Promise<void>> {
  const before = await version(file, once);
  return async () => {
    if (before !== (await version(file, once))) throw new DatasetError(`${file} changed while it was being read; nothing was written. Run the command again.`);
  };
}

async function version(file: string, once: boolean): Promise<string | undefined> {
  let found: Stats;
  try {
    found = await stat(file);
  } catch {
    return undefined; // Reading the file says what is wrong with it, better than this check could.
  }
  if (!found.isFile() && once) return undefined;
  if (!found.isFile() && !found.isDirectory()) throw new DatasetError(`${file} is a pipe or a device, and this reads it more than once; save it as a file first.`);
  return `${found.size} ${found.mtimeMs} ${found.ino}`;
}
