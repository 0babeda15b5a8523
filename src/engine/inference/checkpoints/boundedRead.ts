import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { errorMessage } from '../../../base/errorMessage';
import { errorCode, explainFileError } from '../../files/fileErrors';
import { CheckpointError, MissingFileError } from './checkpointError';

/**
 * Opens a file of a checkpoint, hands it and its size in bytes to `use`, and closes it. Rejects with a `CheckpointError` when
 * it cannot be opened or is no regular file, with a `MissingFileError` when there is none.
 */
export async function withFile<T>(file: string, use: (handle: FileHandle, size: number) => Promise<T>): Promise<T> {
  let handle: FileHandle;
  try {
    // Opening a pipe that nobody writes to would wait without end; the flag is 0 where the platform has no such thing.
    handle = await open(file, constants.O_RDONLY | (process.platform === 'win32' ? 0 : constants.O_NONBLOCK));
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') throw new MissingFileError(`${file} is missing; fetch the model's files again.`);
    throw new CheckpointError(explainFileError(error, file));
  }
  try {
    const state = await handle.stat();
    if (!state.isFile()) throw new CheckpointError(`${file} is not a regular file; give a folder that holds the model's own files.`);
    return await use(handle, state.size);
  } finally {
    await handle.close();
  }
}

/** Fills `target` from `position`; rejects with a `CheckpointError` when the file ends before that. */
export async function readExactly(handle: FileHandle, file: string, position: number, target: Uint8Array): Promise<void> {
  for (let done = 0; done < target.length;) {
    const { bytesRead } = await handle.read(target, done, target.length - done, position + done);
    if (bytesRead === 0) throw new CheckpointError(`${file} ends before its contents do; fetch it again.`);
    done += bytesRead;
  }
}

/** The whole of a file that holds `limit` bytes at most; `undefined` when there is none. */
export async function readWhole(file: string, limit: number): Promise<Buffer | undefined> {
  try {
    return await withFile(file, async (handle, size) => {
      if (size > limit) throw new CheckpointError(`${file} has ${size} bytes where ${limit} are the most such a file can need; fetch it again.`);
      const bytes = Buffer.alloc(size);
      await readExactly(handle, file, 0, bytes);
      return bytes;
    });
  } catch (error) {
    if (error instanceof MissingFileError) return undefined;
    throw error;
  }
}

/** A JSON file of a checkpoint before any schema has seen it; `undefined` when there is none. */
export async function readJson(file: string, limit: number): Promise<unknown> {
  const bytes = await readWhole(file, limit);
  return bytes === undefined ? undefined : parseJson(file, bytes.toString('utf8'));
}

export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CheckpointError(`${file} is not in the JSON it should hold (${errorMessage(error)}); fetch it again.`);
  }
}
