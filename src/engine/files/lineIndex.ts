import { type FileHandle, open } from 'node:fs/promises';
import { DatasetError } from './dataset';
import { explainFileError } from './fileErrors';

/** Where the lines of a file begin, as it was when it was read. */
export interface LineIndex {
  /** Lines, as an editor or `readDataset` counts them: what follows the last end of line counts when it holds a byte. */
  readonly count: number;
  /** Byte offset of line `i` (0-based), and the file's size as entry `count`. */
  readonly starts: Float64Array;
}

export interface IndexOptions {
  readonly signal?: AbortSignal | undefined;
  /** The index of an earlier state of the file, which has only grown at its end: what is known is not read again. */
  readonly known?: LineIndex | undefined;
  /** Called after every read. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

const LF = 0x0a;
const chunkBytes = 1 << 20;

/** Reads the whole file once, in two buffers: one fills while the other is searched. Throws a `DatasetError` for a file that cannot be read. */
export async function indexLines(path: string, { signal, known, onProgress }: IndexOptions = {}): Promise<LineIndex> {
  return withFile(path, signal, async (handle) => {
    const starts = new Offsets(known);
    let [filling, searched] = [Buffer.allocUnsafeSlow(chunkBytes), Buffer.allocUnsafeSlow(chunkBytes)];
    // The last line may have gone on: it is read anew.
    let size = starts.last ?? 0;
    let reading = handle.read(filling, 0, chunkBytes, size);
    for (;;) {
      const { bytesRead } = await reading;
      signal?.throwIfAborted();
      if (bytesRead === 0) break;
      [filling, searched] = [searched, filling];
      reading = handle.read(filling, 0, chunkBytes, size + bytesRead);
      if (starts.length === 0) starts.push(0);
      const chunk = searched.subarray(0, bytesRead);
      for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) starts.push(size + at + 1);
      size += bytesRead;
      onProgress?.(size);
    }
    if (starts.last !== size || size === 0) starts.push(size);
    return { count: starts.length - 1, starts: starts.toArray() };
  });
}

/** The exact bytes of lines `start` to `end` (0-based, end exclusive), in one read; what lies outside the file is left out. */
export async function readLines(path: string, index: LineIndex, start: number, end: number, signal?: AbortSignal): Promise<readonly Buffer[]> {
  const first = Math.max(0, start);
  const last = Math.min(index.count, end);
  if (first >= last) return [];
  const from = index.starts[first] ?? 0;
  const bytes = await readRange(path, from, (index.starts[last] ?? from) - from, signal);
  return Array.from({ length: last - first }, (_, line) =>
    bytes.subarray((index.starts[first + line] ?? from) - from, (index.starts[first + line + 1] ?? from) - from),
  );
}

/** Throws a `DatasetError` for a file that cannot be read or does not reach so far. */
export async function readRange(path: string, from: number, length: number, signal?: AbortSignal): Promise<Buffer> {
  return withFile(path, signal, async (handle) => {
    const bytes = Buffer.allocUnsafeSlow(length);
    for (let filled = 0; filled < length; ) {
      const { bytesRead } = await handle.read(bytes, filled, length - filled, from + filled);
      signal?.throwIfAborted();
      if (bytesRead === 0) throw new DatasetError(`${path} has become shorter since it was read; open it again.`);
      filled += bytesRead;
    }
    return bytes;
  });
}

async function withFile<T>(path: string, signal: AbortSignal | undefined, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    return await work(handle);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof DatasetError) throw error;
    throw new DatasetError(explainFileError(error, path), { cause: error });
  } finally {
    await handle?.close();
  }
}

/** Numbers in a typed array that grows. */
class Offsets {
  #values: Float64Array;
  length: number;

  /** Begins with the starts of an earlier index, without its end. */
  constructor(known: LineIndex | undefined) {
    this.length = known?.count ?? 0;
    this.#values = new Float64Array(Math.max(1 << 12, this.length * 2));
    if (known) this.#values.set(known.starts.subarray(0, this.length));
  }

  get last(): number | undefined {
    return this.length === 0 ? undefined : this.#values[this.length - 1];
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const grown = new Float64Array(this.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.length++] = value;
  }

  toArray(): Float64Array {
    return this.#values.slice(0, this.length);
  }
}
