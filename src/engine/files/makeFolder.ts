import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from './fileErrors';

/**
 * Makes a folder and those above it that are missing. Rejects with what the file system says; Node's own `recursive` tries
 * for ever where a folder is there but takes none in, as under `/proc`.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await makeOne(folder);
  } catch (error) {
    const above = path.dirname(folder);
    if (errorCode(error) !== 'ENOENT' || above === folder) throw error;
    await makeFolder(above);
    await makeOne(folder);
  }
}

/** One that is there already is good enough; other processes make the same ones. */
async function makeOne(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || !(await isFolder(folder))) throw error;
  }
}

async function isFolder(folder: string): Promise<boolean> {
  try {
    return (await stat(folder)).isDirectory();
  } catch {
    return false; // What `mkdir` said counts.
  }
}
