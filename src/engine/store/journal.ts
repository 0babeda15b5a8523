import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { errorCode } from '../files/fileErrors';
import { makeFolder } from '../files/makeFolder';
import { readRawLines } from '../files/rawLines';

/**
 * An append-only file, one JSON object a line. What `append` acknowledged survives `kill -9` and a power cut;
 * a write that was cut off leaves a torn last line, which readers ignore and writers never write into.
 */
export interface Journal<T extends object> {
  /** Resolves when all entries are on disk. Calls keep their order; calls made meanwhile share one fsync. */
  append(entries: readonly T[]): Promise<void>;
  /** Waits for what is being written. Appending afterwards rejects. */
  close(): Promise<void>;
}

export interface JournalContent<T> {
  readonly entries: readonly T[];
  /** The last line was cut off while it was written; it is not among the entries. */
  readonly torn: boolean;
  /** Complete lines that are no JSON or do not fit the schema; they are not among the entries. */
  readonly rejected: number;
}

const LF = 0x0a;

/** Opens for append and creates the file and its folder where missing. */
export async function openJournal<T extends object>(file: string): Promise<Journal<T>> {
  await makeFolder(path.dirname(file));
  const handle = await open(file, 'a+');
  try {
    return new FileJournal<T>(handle, await endsInsideLine(handle));
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Everything acknowledged, in order. A missing file is empty. */
export async function readJournal<T>(file: string, schema: z.ZodType<T>): Promise<JournalContent<T>> {
  const { entries, torn, rejected } = await readJournalFrom(file, schema, 0);
  return { entries, torn, rejected };
}

/** What stands behind byte `from`, where an earlier reading ended, and where this one did: a torn line is read again. */
export async function readJournalFrom<T>(file: string, schema: z.ZodType<T>, from: number): Promise<JournalContent<T> & { readonly end: number }> {
  let end = from;
  const entries: T[] = [];
  let torn = false;
  let rejected = 0;
  try {
    for await (const lines of readRawLines(file, { start: from })) {
      for (const { start, bytes } of lines) {
        const text = bytes.toString('utf8');
        const entry = text.trim() === '' ? undefined : readEntry(text, schema);
        if (entry?.status === 'not-json' && bytes.at(-1) !== LF) {
          torn = true;
          continue;
        }
        end = start + bytes.length;
        if (entry?.status === 'ok') entries.push(entry.value);
        else if (entry) rejected += 1;
      }
    }
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  return { entries, torn, rejected, end };
}

/** A proper prefix of a JSON object is never JSON itself, so a cut-off line cannot pass for an entry. */
function readEntry<T>(text: string, schema: z.ZodType<T>): { status: 'ok'; value: T } | { status: 'not-json' | 'unfit' } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { status: 'not-json' };
  }
  const checked = schema.safeParse(value);
  return checked.success ? { status: 'ok', value: checked.data } : { status: 'unfit' };
}

async function endsInsideLine(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, size - 1);
  return last[0] !== LF;
}


interface Waiting {
  readonly text: string;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

class FileJournal<T extends object> implements Journal<T> {
  readonly #handle: FileHandle;
  /** The file's last line is unfinished: end it before writing, so that nothing merges into it. */
  #insideLine: boolean;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(handle: FileHandle, insideLine: boolean) {
    this.#handle = handle;
    this.#insideLine = insideLine;
  }

  append(entries: readonly T[]): Promise<void> {
    if (this.#closed !== undefined) return Promise.reject(new Error('The journal is closed.'));
    if (entries.length === 0) return Promise.resolve();
    let text = '';
    for (const entry of entries) text += `${JSON.stringify(entry)}\n`;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text, resolve, reject });
      this.#writing ??= this.#writeWaiting();
    });
  }

  close(): Promise<void> {
    return (this.#closed ??= (async () => {
      await this.#writing;
      await this.#handle.close();
    })());
  }

  /** Never rejects: a failure goes to those who wait for the entries it concerns. */
  async #writeWaiting(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0);
      try {
        const text = group.map((one) => one.text).join('');
        // Another process that appends to the same file may have been killed since.
        const line = this.#insideLine || (await endsInsideLine(this.#handle)) ? `\n${text}` : text;
        this.#insideLine = true;
        await this.#handle.appendFile(line);
        this.#insideLine = false;
        await this.#handle.datasync();
        for (const one of group) one.resolve();
      } catch (error) {
        for (const one of group) one.reject(error);
      }
    }
    this.#writing = undefined;
  }
}
