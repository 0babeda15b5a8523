import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { DatasetError } from '../files/dataset';

/**
 * Remembers how a file looks now. The check it returns throws when the file has changed since, so that scores of one
 * version never choose, or overwrite, lines of another. A pipe or a device is refused: it cannot be read again. Call it last, before what was written takes its place.
 */
export async function rememberVersion(file: string): Promise<() => Promise<void>> {
  const before = await version(file);
  return async () => {
    if (before !== (await version(file))) throw new DatasetError(`${file} changed while it was being read; nothing was written. Run the command again.`);
  };
}

async function version(file: string): Promise<string | undefined> {
  let found: Stats;
  try {
    found = await stat(file);
  } catch {
    return undefined; // Reading the file says what is wrong with it, better than this check could.
  }
  if (!found.isFile() && !found.isDirectory()) throw new DatasetError(`${file} is a pipe or a device, and this reads it more than once; save it as a file first.`);
  return `${found.size} ${found.mtimeMs}`;
}
