import { type FileHandle, open } from 'node:fs/promises';

/** A line as it stands in its file. */
export interface RawLine {
  /** Byte offset of its first byte. */
  readonly start: number;
  /** Exact bytes with the end of line, `\n` or `\r\n`; the last line may have none. A view of the chunk it was read in: keeping it keeps the chunk. */
  readonly bytes: Buffer;
}

export interface RawLineOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes read at once. */
  readonly chunkSize?: number;
  /** More bytes than this in one line reject with an `EndlessLine`; no limit unless given. */
  readonly longestLine?: number;
  /** Byte offset to begin at, 0 unless given; only for files, which can be read from anywhere. */
  readonly start?: number;
}

/** A line goes on for more bytes than the reader takes; the lines before it have been handed out. */
export class EndlessLine extends Error {
  override readonly name = 'EndlessLine';
}

const LF = 0x0a;

/**
 * The lines of a file in groups, one group a read: the file is never held as a whole.
 * A line longer than a chunk is put together from pieces. Rejects with what the file system says, or the signal's reason.
 */
export async function* readRawLines(file: string, options: RawLineOptions = {}): AsyncGenerator<readonly RawLine[], void, undefined> {
  const handle = await open(file, 'r');
  try {
    yield* linesOf(handle, options);
  } finally {
    await handle.close();
  }
}

async function* linesOf(handle: FileHandle, { signal, chunkSize = 1 << 20, longestLine = Infinity, start: begin = 0 }: RawLineOptions): AsyncGenerator<readonly RawLine[], void, undefined> {
  let pieces: Buffer[] = [];
  let pending = 0;
  let start = begin;
  for (;;) {
    signal?.throwIfAborted();
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(chunkSize), 0, chunkSize, begin === 0 ? null : start + pending);
    signal?.throwIfAborted();
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    const lines: RawLine[] = [];
    let from = 0;
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, from)) {
      const tail = chunk.subarray(from, at + 1);
      const bytes = pending === 0 ? tail : Buffer.concat([...pieces, tail]);
      if (pending > 0) {
        pieces = [];
        pending = 0;
      }
      lines.push({ start, bytes });
      start += bytes.length;
      from = at + 1;
    }
    if (from < bytesRead) {
      pieces.push(chunk.subarray(from));
      pending += bytesRead - from;
    }
    if (lines.length > 0) yield lines;
    if (pending > longestLine) throw new EndlessLine(`a line of more than ${longestLine} bytes`);
  }
  if (pending > 0) yield [{ start, bytes: Buffer.concat(pieces) }];
}
