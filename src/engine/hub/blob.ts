import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { explainFileError } from '../files/fileErrors';
import { retry } from '../jobs/retry';
import { HubError } from './hubError';
import { verdictOf } from './hubListing';
import { exchange, type Hub, type HubReply } from './hubWire';
import { isFile } from './modelFiles';

export interface BlobRequest {
  readonly model: string;
  /** The file's name, for messages. */
  readonly file: string;
  readonly url: string;
  readonly bytes: number;
  /** Checksum: SHA-256 (64 hex digits), or git's SHA-1 of a blob (40). */
  readonly blob: string;
  /** Where the finished file goes; until then its bytes are in `<target>.incomplete`. */
  readonly target: string;
  readonly signal: AbortSignal;
  /** How many of its bytes are here. */
  readonly onProgress: (bytes: number) => void;
}

/** Attempts in a row that bring less than `goodBytes`. */
const vainAttempts = 5;
const goodBytes = 1 << 20;

/** Bytes of a file that an earlier download left unfinished. */
export async function partialBytes(target: string, bytes: number): Promise<number> {
  const size = (await stat(partialFile(target)).catch(() => undefined))?.size ?? 0;
  return size <= bytes ? size : 0;
}

/**
 * Fetches one file, going on where an earlier download ended, and puts it in place once its checksum is right.
 *
 * Bytes are written at their own position: two processes that fetch the same file at once write the same bytes twice, and
 * neither spoils the other's file.
 *
 * @throws HubError
 */
export async function fetchBlob(request: BlobRequest, hub: Hub): Promise<void> {
  const { target, bytes, signal } = request;
  const partial = partialFile(target);
  let here = await partialBytes(target, bytes);
  let allowed = vainAttempts;
  const handle = await onDisk(partial, () => open(partial, constants.O_CREAT | constants.O_RDWR));
  try {
    request.onProgress(here);
    const attempt = async (): Promise<void> => {
      const before = here;
      try {
        await fetchRest(request, hub, handle, here, (now) => request.onProgress((here = now)));
      } finally {
        if (here - before >= goodBytes) allowed += 1;
      }
    };
    if (here < bytes) {
      await retry(attempt, {
        judge: verdictOf,
        backoff: hub.backoff,
        attempts: () => allowed,
        signal,
        onWait: (made, milliseconds) => hub.logger.info('download interrupted', { model: request.model, file: request.file, bytes: here, attempt: made, milliseconds }),
      });
    }
    await onDisk(partial, () => handle.truncate(bytes));
    await onDisk(partial, () => handle.sync());
  } finally {
    await handle.close();
  }
  try {
    await assertChecksum(request, partial);
    await onDisk(target, () => rename(partial, target));
  } catch (error) {
    if (!(await isFile(target))) throw error; // Else another process was quicker.
  }
}

async function fetchRest(request: BlobRequest, hub: Hub, handle: FileHandle, from: number, onHere: (bytes: number) => void): Promise<void> {
  const { model, url, signal, bytes, file, target } = request;
  // A range counts the bytes as they stand in the file, so none of them may come packed.
  const headers = { 'accept-encoding': 'identity', ...(from > 0 && { range: `bytes=${from}-` }) };
  await exchange({ model, url, headers, signal }, hub, async (reply) => {
    let position = startOf(reply, from, request);
    if (position < from) onHere(position);
    for await (const piece of reply.pieces) {
      if (position + piece.length > bytes) throw await useless(target, `${file} of ${model} is larger at ${reply.host} than the ${bytes} bytes that the hub lists; nothing of it was kept.`);
      await onDisk(partialFile(target), () => writeAt(handle, piece, position));
      position += piece.length;
      onHere(position);
    }
    if (position < bytes) throw new HubError(`${reply.host} ended ${file} of ${model} after ${position} of ${bytes} bytes; what came is kept, and the same command goes on from there.`, { again: true });
  });
}

/** Where the body of a reply begins in the file: where it was asked to, or at the start when the server knows no ranges. */
function startOf(reply: HubReply, from: number, { file, model, bytes }: BlobRequest): number {
  const type = reply.headers.get('content-type') ?? '';
  const wrong = (size: string): HubError =>
    new HubError(`${reply.host} sends ${size} for ${file} of ${model}, of which the hub lists ${bytes} bytes${type.startsWith('text/html') ? ': a web page, as a proxy or a log-in might send' : ''}.`);
  if (reply.status === 206) {
    const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(reply.headers.get('content-range') ?? '') ?? [];
    if (Number(start) !== from || (total !== '*' && Number(total) !== bytes)) throw wrong('another range than asked');
    return from;
  }
  const length = reply.headers.get('content-length');
  if (length !== null && reply.headers.get('content-encoding') === null && Number(length) !== bytes) throw wrong(`${Number(length)} bytes`);
  return 0;
}

async function assertChecksum({ file, model, blob, bytes, target, signal }: BlobRequest, partial: string): Promise<void> {
  const hash = createHash(blob.length === 64 ? 'sha256' : 'sha1');
  if (blob.length !== 64) hash.update(`blob ${bytes}\0`);
  try {
    await pipeline(createReadStream(partial, { highWaterMark: 1 << 20 }), hash, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw new HubError(`Could not read ${explainFileError(error, partial)}`);
  }
  if (hash.digest('hex') !== blob) throw await useless(target, `${file} of ${model} came damaged: its checksum is not the one that the hub lists. It was removed; run the command again.`);
}

async function useless(target: string, message: string): Promise<HubError> {
  await rm(partialFile(target), { force: true });
  return new HubError(message);
}

async function writeAt(handle: FileHandle, piece: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < piece.length; ) written += (await handle.write(piece, written, piece.length - written, position + written)).bytesWritten;
}

function partialFile(target: string): string {
  return path.join(path.dirname(target), `${path.basename(target)}.incomplete`);
}

/** File system errors as sentences. */
export async function onDisk<T>(file: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw new HubError(`Could not write ${explainFileError(error, file)} What was downloaded is kept; HF_HUB_CACHE can name another folder.`);
  }
}
