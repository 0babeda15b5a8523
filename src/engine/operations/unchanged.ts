import { stat } from 'node:fs/promises';
import { DatasetError } from '../files/dataset';

/**
 * Remembers how a file looks now. The check it returns throws when the file has changed since, so that scores of one
 * version never choose, or overwrite, lines of another. Call it last, before what was written takes its place.
 */
export async function rememberVersion(file: string): Promise<() => Promise<void>> {
  const before = await version(file);
  return async () => {
    if (before !== (await version(file))) throw new DatasetError(`${file} changed while it was being read; nothing was written. Run the command again.`);
  };
}

async function version(file: string): Promise<string | undefined> {
  try {
    const { size, mtimeMs } = await stat(file);
    return `${size} ${mtimeMs}`;
  } catch {
    return undefined; // Reading the file says what is wrong with it, better than this check could.
  }
}
