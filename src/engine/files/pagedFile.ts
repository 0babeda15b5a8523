import { formatBytes } from '../../base/formatBytes';
import { formatAmount, formatCount } from '../../core/scores/format';
import { DatasetError, utf16Order } from './dataset';
import { changeSince, fileState, type FileState } from './fileState';
import { type LineIndex, indexLines, readLines } from './lineIndex';

/** A stretch of lines, 0-based, end exclusive. */
export interface LineRange {
  readonly firstLine: number;
  readonly endLine: number;
}

export interface Page extends LineRange {
  /** The lines with `\n` between them and none after the last. */
  readonly text: string;
  /** Lines that are too long to be shown; a JSON text that says so stands in their place. */
  readonly tooLong: readonly number[];
}

export interface PagedFileOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes indexed so far, of so many. */
  readonly onProgress?: ((bytes: number, total: number) => void) | undefined;
}

/** A page holds no more lines and no more bytes than this; a line that is longer by itself is not shown. */
export const pageLimits = { lines: 500, bytes: 4_000_000 } as const;

/** The file at one moment. */
interface Snapshot {
  readonly state: FileState;
  readonly index: LineIndex;
  /** Where pages begin, ascending. */
  readonly pages: readonly number[];
}

/**
 * A file of any size by its lines, of which no more than a page is held: what stays in memory is eight bytes a line.
 * Every answer is about the file as it is now: one that was changed is indexed anew, one that only grew from its old end on.
 */
export class PagedFile {
  readonly path: string;
  #now: Snapshot;

  private constructor(path: string, now: Snapshot) {
    this.path = path;
    this.#now = now;
  }

  /** Throws a `DatasetError` for a file that cannot be read or is UTF-16. */
  static async open(path: string, options: PagedFileOptions = {}): Promise<PagedFile> {
    return new PagedFile(path, await snapshot(path, options));
  }

  get bytes(): number {
    return this.index.starts[this.lines] ?? 0;
  }

  get lines(): number {
    return this.index.count;
  }

  get index(): LineIndex {
    return this.#now.index;
  }

  /** The page that holds a line; the nearest one for a line that is not there. */
  pageOf(line: number): LineRange {
    return pageOf(this.#now, line);
  }

  /** Looks whether the file has changed and indexes what is new. True when lines are no longer where they were, or there are more. */
  async refresh(options: PagedFileOptions = {}): Promise<boolean> {
    const { state, index } = this.#now;
    const change = await changeSince(this.path, state, options.signal);
    if (change === 'none') return false;
    this.#now = await snapshot(this.path, options, change === 'grown' ? index : undefined);
    return true;
  }

  /** The lines from `firstLine` to the end of its page, as the file is now. Throws a `DatasetError` when it has become shorter than that. */
  async page(firstLine: number, options: PagedFileOptions = {}): Promise<Page> {
    await this.refresh(options);
    const now = this.#now;
    const { endLine } = pageOf(now, firstLine);
    if (firstLine > 0 && firstLine >= now.index.count) throw new DatasetError(`${this.path} has only ${formatAmount(now.index.count, 'line')} now; open an earlier page.`);
    const texts: string[] = [];
    const tooLong: number[] = [];
    for (let from = firstLine; from < endLine; ) {
      const bytes = lineBytes(now.index, from);
      if (bytes > pageLimits.bytes) {
        tooLong.push(from);
        texts.push(placeholder(from, bytes));
        from += 1;
        continue;
      }
      let to = from + 1;
      while (to < endLine && lineBytes(now.index, to) <= pageLimits.bytes) to += 1;
      const lines = await readLines(this.path, now.index, from, to, options.signal);
      for (const [line, raw] of lines.entries()) texts.push(lineText(raw, from + line === 0));
      from = to;
    }
    return { firstLine, endLine, text: texts.join('\n'), tooLong };
  }
}

async function snapshot(path: string, options: PagedFileOptions, known?: LineIndex): Promise<Snapshot> {
  const state = await readableState(path, options);
  const index = await indexed(path, state, options, known);
  return { state, index, pages: pageStarts(index) };
}

function pageOf({ index, pages }: Snapshot, line: number): LineRange {
  const page = Math.max(0, lastAtMost(pages, line));
  return { firstLine: pages[page] ?? 0, endLine: pages[page + 1] ?? index.count };
}

function placeholder(line: number, bytes: number): string {
  return JSON.stringify(`Line ${formatCount(line + 1)} is ${formatBytes(bytes)} long and is not shown: pages hold lines of up to ${formatBytes(pageLimits.bytes)}. The command line reads it.`);
}

/** The text of one line's bytes without its end. What an editor would take for the end of a line or for no text at all does not stay. */
export function lineText(bytes: Buffer, isFirst: boolean): string {
  const end = bytes.at(-1) !== 0x0a ? bytes.length : bytes.at(-2) === 0x0d ? bytes.length - 2 : bytes.length - 1;
  const text = bytes.toString('utf8', 0, end).replaceAll('\r', ' ').replaceAll('\0', '\uFFFD');
  return isFirst && text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** Index of the last of ascending `values` that is at most `limit`, or -1. */
export function lastAtMost(values: ArrayLike<number>, limit: number, count = values.length): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Infinity) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

async function readableState(path: string, { signal }: PagedFileOptions): Promise<FileState> {
  const state = await fileState(path, signal);
  const order = utf16Order(state.samples[0]?.bytes ?? Buffer.alloc(0));
  if (order) throw new DatasetError(`${path}: the file is UTF-16 (${order} endian); save it with the encoding UTF-8 and try again.`);
  return state;
}

function indexed(path: string, { size }: FileState, { signal, onProgress }: PagedFileOptions, known?: LineIndex): Promise<LineIndex> {
  return indexLines(path, { signal, known, onProgress: onProgress && ((bytes) => onProgress(bytes, Math.max(bytes, size))) });
}

function lineBytes({ starts }: LineIndex, line: number): number {
  return (starts[line + 1] ?? 0) - (starts[line] ?? 0);
}

function pageStarts(index: LineIndex): number[] {
  const pages: number[] = [];
  let [lines, bytes] = [0, 0];
  for (let line = 0; line < index.count; line++) {
    const length = lineBytes(index, line);
    const shown = length > pageLimits.bytes ? 0 : length;
    if (lines === 0 || lines === pageLimits.lines || bytes + shown > pageLimits.bytes) {
      pages.push(line);
      [lines, bytes] = [0, 0];
    }
    lines += 1;
    bytes += shown;
  }
  return pages;
}
