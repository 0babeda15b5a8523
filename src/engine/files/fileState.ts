import { stat } from 'node:fs/promises';
import { DatasetError } from './dataset';
import { explainFileError } from './fileErrors';
import { readRange } from './lineIndex';

/** What tells whether a file is still the one that was read. */
export interface FileState {
  readonly size: number;
  readonly modified: number;
  readonly inode: number;
  /** Its first and its last bytes: a file that only grew still holds both. */
  readonly samples: readonly Sample[];
}

interface Sample {
  readonly at: number;
  readonly bytes: Buffer;
}

export type FileChange = 'none' | 'grown' | 'other';

const sampleBytes = 4096;

/** Throws a `DatasetError` for what is not there or no file. */
export async function fileState(path: string, signal?: AbortSignal): Promise<FileState> {
  const { size, modified, inode } = await lookAt(path);
  const length = Math.min(size, sampleBytes);
  const places = size > length ? [0, size - length] : [0];
  const samples = await Promise.all(places.map(async (at) => ({ at, bytes: await readRange(path, at, length, signal) })));
  return { size, modified, inode, samples };
}

/** How a file differs now from what it was. */
export async function changeSince(path: string, before: FileState, signal?: AbortSignal): Promise<FileChange> {
  const now = await lookAt(path);
  if (now.size === before.size && now.modified === before.modified && now.inode === before.inode) return 'none';
  if (now.size <= before.size || now.inode !== before.inode) return 'other';
  for (const { at, bytes } of before.samples) if (!bytes.equals(await readRange(path, at, bytes.length, signal))) return 'other';
  return 'grown';
}

async function lookAt(path: string): Promise<Pick<FileState, 'size' | 'modified' | 'inode'>> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new DatasetError(`${path}: it is a folder or a device, not a file.`);
    return { size: found.size, modified: found.mtimeMs, inode: found.ino };
  } catch (error) {
    if (error instanceof DatasetError) throw error;
    throw new DatasetError(explainFileError(error, path), { cause: error });
  }
}
