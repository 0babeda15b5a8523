import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { errorCode, explainFileError } from './fileErrors';

type Chunk = string | Uint8Array;

export interface WrittenFile {
  readonly bytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
}

/** A file that could not be written; the message says why and what is safe. */
export class WriteError extends Error {
  override readonly name = 'WriteError';
}

/** Small chunks are gathered up to this many bytes a write. */
const gatherBytes = 1 << 20;

/**
 * Puts `chunks` (strings as UTF-8) into a file that is complete or not there at all: a temporary file beside it is
 * flushed to disk and renamed over it. When writing fails the temporary file is removed, what stood there before is
 * unchanged, and a `WriteError` is thrown; what `chunks` itself throws is passed on.
 * A link is followed; the permissions of the file that is replaced are kept. A device or a pipe (`/dev/null`,
 * `/dev/stdout`) cannot be replaced and is written into.
 */
export async function writeAtomically(file: string, chunks: AsyncIterable<Chunk> | Iterable<Chunk>): Promise<WrittenFile> {
  const before = await onDisk(file, () => existing(file));
  if (before !== undefined && !before.isFile() && !before.isDirectory()) return writeInto(file, chunks);
  const target = await onDisk(file, async () => {
    const real = before === undefined ? file : await realpath(file);
    const temporary = path.join(path.dirname(real), `.${path.basename(real).slice(0, 40)}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
    return { real, temporary, handle: await open(temporary, 'wx', before === undefined ? 0o666 : before.mode & 0o777) };
  });
  try {
    let written: WrittenFile;
    try {
      written = await writeAll(target.handle, chunks, file);
      await onDisk(file, () => target.handle.sync());
    } finally {
      await target.handle.close();
    }
    await onDisk(file, () => rename(target.temporary, target.real));
    await syncFolder(path.dirname(target.real));
    return written;
  } catch (error) {
    await rm(target.temporary, { force: true });
    throw error;
  }
}

async function writeInto(file: string, chunks: AsyncIterable<Chunk> | Iterable<Chunk>): Promise<WrittenFile> {
  const handle = await onDisk(file, () => open(file, 'w'));
  try {
    return await writeAll(handle, chunks, file);
  } finally {
    await handle.close();
  }
}

/** 64 hex digits over the file's bytes. */
export async function sha256OfFile(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: gatherBytes }), hash, signal === undefined ? {} : { signal });
  return hash.digest('hex');
}

/** Makes a rename last through a power cut. Systems that cannot open a folder (Windows) do so by themselves. */
export async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle;
  try {
    handle = await open(folder, 'r');
  } catch (error) {
    if (['EISDIR', 'EPERM', 'EACCES'].includes(errorCode(error) ?? '')) return;
    throw error;
  }
  try {
    await handle.sync();
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'ENOTSUP'].includes(errorCode(error) ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, chunks: AsyncIterable<Chunk> | Iterable<Chunk>, file: string): Promise<WrittenFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  let gathered: Uint8Array[] = [];
  let size = 0;
  const flush = async () => {
    const block = gathered.length === 1 && gathered[0] !== undefined ? gathered[0] : Buffer.concat(gathered);
    gathered = [];
    size = 0;
    hash.update(block);
    bytes += block.length;
    await onDisk(file, () => handle.appendFile(block));
  };
  for await (const chunk of chunks) {
    const piece = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk;
    gathered.push(piece);
    size += piece.length;
    if (size >= gatherBytes) await flush();
  }
  if (size > 0) await flush();
  return { bytes, sha256: hash.digest('hex') };
}

async function existing(file: string): Promise<Stats | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function onDisk<T>(file: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const why = explainFileError(error, file);
    throw new WriteError(`Could not write ${why} Nothing was changed there; the file that stood there, if any, is still whole.`, { cause: error });
  }
}
