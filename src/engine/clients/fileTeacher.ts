import { stat } from 'node:fs/promises';
import path from 'node:path';
import { errorMessage } from '../../base/errorMessage';
import { type Result, fail, ok } from '../../base/result';
import type { ProposalMode } from '../../core/proposals/proposal';
import { promptKey } from '../../core/record/key';
import type { FileTeacher } from '../../core/teachers/teacher';
import { readDataset } from '../files/dataset';
import { explainFileError } from '../files/fileErrors';
import type { Teacher } from './teacher';

/** What another dataset answers, by prompt key. */
export interface AnswerIndex {
  readonly responses: ReadonlyMap<string, { readonly line: number; readonly response: string }>;
  /** Records with at least one response. */
  readonly rows: number;
  /** Responses to a prompt that an earlier line answers already; the first one counts. */
  readonly repeated: number;
  /** Lines that are no records, or hold no response. */
  readonly unreadable: number;
  /** Changes with the file. */
  readonly version: string;
}

/** Reads teacher files, each once as long as it does not change; keeps the latest few. */
export class AnswerIndexes {
  readonly #kept = new Map<string, { readonly version: string; readonly index: Promise<AnswerIndex> }>();

  /** Fails with one sentence for a file that is missing or cannot be read; rejects only with the signal's reason. */
  async open(file: string, signal?: AbortSignal): Promise<Result<AnswerIndex>> {
    try {
      const version = await versionOf(file);
      const kept = this.#kept.get(file);
      const index = kept?.version === version ? kept.index : readIndex(file, version, signal);
      this.#keep(file, version, index);
      try {
        const read = await index;
        // Another run may have read the file for one that was cancelled meanwhile.
        signal?.throwIfAborted();
        return ok(read);
      } catch (error) {
        // Whoever began to read it may have been cancelled.
        if (index !== kept?.index || signal?.aborted === true) throw error;
        const own = readIndex(file, version, signal);
        this.#keep(file, version, own);
        return ok(await own);
      }
    } catch (error) {
      this.#kept.delete(file);
      signal?.throwIfAborted();
      return fail(errorMessage(error));
    }
  }

  #keep(file: string, version: string, index: Promise<AnswerIndex>): void {
    this.#kept.delete(file);
    this.#kept.set(file, { version, index });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > keptIndexes && oldest !== undefined) this.#kept.delete(oldest);
  }
}

const keptIndexes = 4;

async function versionOf(file: string): Promise<string> {
  try {
    const { size, mtimeMs } = await stat(file);
    return `${size} ${mtimeMs}`;
  } catch (error) {
    throw new Error(explainFileError(error, file), { cause: error });
  }
}

async function readIndex(file: string, version: string, signal: AbortSignal | undefined): Promise<AnswerIndex> {
  const responses = new Map<string, { line: number; response: string }>();
  let rows = 0;
  let repeated = 0;
  let unreadable = 0;
  for await (const { number, parsed } of readDataset(file, signal)) {
    if (parsed.status === 'empty') continue;
    const exchanges = parsed.status === 'ok' ? parsed.record.exchanges.filter(({ response }) => response.text !== '') : [];
    if (exchanges.length === 0) {
      unreadable += 1;
      continue;
    }
    rows += 1;
    const own = new Set<string>();
    for (const { prompt, response } of exchanges) {
      const key = promptKey(prompt);
      // A record's further candidates are not repetitions; its first one stands for it.
      if (own.has(key)) continue;
      own.add(key);
      if (responses.has(key)) repeated += 1;
      else responses.set(key, { line: number, response: response.text });
    }
  }
  return { responses, rows, repeated, unreadable, version };
}

const fileTemplate = 'file@1';

/** Responses out of another dataset, joined on the prompt (instruction and input), for one run. */
export async function createFileTeacher(config: FileTeacher, mode: ProposalMode, { indexes, now }: { readonly indexes: AnswerIndexes; readonly now: () => Date }, signal: AbortSignal): Promise<Teacher> {
  const file = path.resolve(config.path);
  const opened = mode === 'refine' ? fail(`${config.id} is a file: it cannot refine a response, only an endpoint can`) : await indexes.open(file, signal);
  return {
    fingerprint: [file, opened.ok ? opened.value.version : null],

    answer({ exchange, line }) {
      signal.throwIfAborted();
      if (!opened.ok) return Promise.resolve({ ok: false, reason: opened.reason });
      const found = opened.value.responses.get(promptKey(exchange.prompt));
      if (found === undefined) return Promise.resolve({ ok: false, reason: `${config.path} has no response to this instruction (line ${line})` });
      return Promise.resolve({
        ok: true,
        response: found.response,
        provenance: {
          teacher: config.id,
          model: path.basename(file),
          parameters: { line: found.line },
          promptTemplate: fileTemplate,
          time: now().toISOString(),
        },
      });
    },
  };
}

/** One sentence about a teacher file that was read. */
export function describeIndex({ rows, repeated, unreadable }: AnswerIndex): string {
  const parts = [rows === 1 ? '1 response' : `${rows} responses`];
  if (repeated > 0) parts.push(`${repeated} to prompts that an earlier line answers (the first counts)`);
  if (unreadable > 0) parts.push(`${unreadable} lines without one`);
  return parts.join(', ');
}
