import { isUtf8 } from 'node:buffer';
import { maxLineLength, parseLine } from '../../core/record/parseRecord';
import type { InvalidLine, ParsedLine } from '../../core/record/parseRecord';
import { EndlessLine, type RawLine, readRawLines } from './rawLines';
import { explainFileError } from './fileErrors';

/** A line of a dataset file, with what it was read from. */
export interface DatasetLine {
  /** 1-based. */
  readonly number: number;
  /** Exactly as in the file: with its end of line and, on line 1, the byte order mark. Writing all of them back gives the same file. */
  readonly bytes: Buffer;
  /** Without end of line and byte order mark; empty where the line is too long to be read. */
  readonly text: string;
  readonly parsed: ParsedLine;
}

/** A dataset that cannot be read; the message is one sentence for a person. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
}

const tooLong: InvalidLine = {
  status: 'invalid',
  rule: 'too-long',
  message: 'The line is longer than 64 MB: is this file one JSON object a line?',
};

/** Bytes of a line that are held at most, in whatever characters: `maxLineLength` UTF-16 units never take more. */
const longestLine = 256 * 1024 * 1024;

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Reads a dataset line by line, parsed, without ever holding the file as a whole. What follows the last end of line
 * is a line only when it holds a byte. Throws a `DatasetError` for a file that cannot be read or is not UTF-8.
 */
export async function* readDataset(path: string, signal?: AbortSignal): AsyncGenerator<DatasetLine, void, undefined> {
  let number = 0;
  const groups = readRawLines(path, { signal, longestLine });
  try {
    for (;;) {
      const lines = await nextGroup(groups, { path, number: number + 1, signal });
      if (lines === undefined) return;
      for (const { bytes } of lines) {
        number += 1;
        if (number === 1) refuseUtf16(bytes, path);
        yield datasetLine(bytes, number, path);
      }
    }
  } finally {
    await groups.return();
  }
}

async function nextGroup(groups: AsyncGenerator<readonly RawLine[], void>, { path, number, signal }: { readonly path: string; readonly number: number; readonly signal: AbortSignal | undefined }): Promise<readonly RawLine[] | undefined> {
  try {
    const next = await groups.next();
    return next.done === true ? undefined : next.value;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof EndlessLine) throw new DatasetError(`${path}, line ${number}: longer than 256 MB; is this file one JSON object a line?`, { cause: error });
    throw new DatasetError(explainFileError(error, path), { cause: error });
  }
}

function datasetLine(bytes: Buffer, number: number, path: string): DatasetLine {
  const content = bytes.subarray(number === 1 ? bytesBeforeText(bytes) : 0, bytes.length - bytesOfEnd(bytes));
  if (content.length > maxLineLength) return { number, bytes, text: '', parsed: tooLong };
  if (!isUtf8(content)) {
    throw new DatasetError(`${path}, line ${number}: not UTF-8; save the file with the encoding UTF-8 and try again.`);
  }
  const text = content.toString('utf8');
  return { number, bytes, text, parsed: parseLine(text) };
}

function bytesBeforeText(firstLine: Buffer): number {
  return firstLine.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
}

function bytesOfEnd(line: Buffer): number {
  if (line.at(-1) !== 0x0a) return 0;
  return line.at(-2) === 0x0d ? 2 : 1;
}

function refuseUtf16(firstLine: Buffer, path: string): void {
  const order = utf16Order(firstLine);
  if (order) throw new DatasetError(`${path}, line 1: the file is UTF-16 (${order} endian); save it with the encoding UTF-8 and try again.`);
}

/** The byte order that a file's first bytes announce, if they announce UTF-16. */
export function utf16Order([first, second]: Buffer): 'little' | 'big' | undefined {
  if (first === 0xff && second === 0xfe) return 'little';
  return first === 0xfe && second === 0xff ? 'big' : undefined;
}
