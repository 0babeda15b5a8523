import type { CancellationToken } from 'vscode-languageserver';
import { readRecordDocument } from '../core/record/recordDocument/read';
import { recordSections, recordVersion, type RecordSection } from '../core/record/recordDocument/sections';
import { spliceText } from '../core/record/splice';
import { recordDocument } from '../languageService/recordDocument';
import type { RecordDocument, RecordDocumentAnswer, RecordEditOutcome, RecordEditParams, Requests } from '../protocol/lsp';
import type { Datasets, OpenFile } from './datasets';
import { signalOf } from './longRequest';
import type { OpenDataset } from './openDataset';
import { Pauses } from './pauses';

/** The requests of the record view: a record as a document, the document back into its line, and the way to the next one. */
export class RecordViewRequests {
  readonly #datasets: Datasets;

  constructor(datasets: Datasets) {
    this.#datasets = datasets;
  }

  async document({ uri, line, key }: Requests['cupel/recordDocument']['params']): Promise<RecordDocumentAnswer> {
    const file = this.#datasets.require(uri);
    const found = key === undefined ? line : await findLine(file, line, (candidate) => keyOf(file.dataset, candidate) === key);
    return { record: found === undefined ? null : (write(file.dataset, found) ?? null), documentVersion: file.dataset.version };
  }

  async edit(params: RecordEditParams): Promise<RecordEditOutcome> {
    const file = this.#datasets.require(params.uri);
    const { dataset } = file;
    if (dataset.page) return { ok: false, reason: 'readOnly', message: 'The record stands in a file that is too large to be edited here: edit a part of it as a file of its own.' };
    const line = await findLine(file, params.line, (candidate) => keyOf(dataset, candidate) === params.key && versionOf(dataset, candidate) === params.version);
    if (line !== undefined) return editLine(dataset, line, params);
    const current = write(dataset, params.line);
    if (current) return { ok: false, reason: 'conflict', message: 'The record was changed in the dataset after this text was opened.', current };
    return { ok: false, reason: 'gone', message: `Line ${params.line + 1} of the dataset holds this record no more: undo the change there, or copy your text and open another record.` };
  }

  /** Passes over empty and broken lines; lets other requests in between when there are many. */
  async neighbour({ uri, line, step }: Requests['cupel/neighbourRecord']['params'], token: CancellationToken): Promise<{ line: number } | null> {
    const { dataset, work } = this.#datasets.require(uri);
    const { signal, dispose } = signalOf(token, work.signal);
    const pauses = new Pauses();
    try {
      for (let at = line + step; at >= 0 && at < dataset.lineCount; at += step) {
        if ((dataset.summary(at) ?? dataset.parsed(at)).status === 'ok') return { line: at };
        await pauses.breathe(signal);
      }
      return null;
    } finally {
      dispose();
    }
  }
}

function write(dataset: OpenDataset, line: number): RecordDocument | undefined {
  const written = recordDocument(dataset, line);
  return written && { ...written, line, number: (dataset.page?.firstLine ?? 0) + line + 1, readOnly: dataset.page !== undefined };
}

function editLine(dataset: OpenDataset, line: number, { text, trimmed = false }: RecordEditParams): RecordEditOutcome {
  const sections = sectionsOf(dataset, line) ?? [];
  const read = readRecordDocument(text, sections);
  if (!read.ok) return { ok: false, reason: 'unreadable', message: read.message, place: read.line };
  const source = dataset.lineText(line);
  const edits = sections.flatMap(({ path, text: before }, index) => {
    const after = read.texts[index] ?? before;
    if (after === before || (trimmed && after === withoutTrailingSpace(before))) return [];
    const splice = spliceText(source, path, after);
    if (!splice) throw new Error(`A text of line ${line + 1} cannot be found in it.`);
    return [{ range: { start: { line, character: splice.span.start }, end: { line, character: splice.span.end } }, newText: splice.literal }];
  });
  return { ok: true, line, documentVersion: dataset.version, edits };
}

/** As an editor trims when it saves. */
function withoutTrailingSpace(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** The line itself, or else the first other one that is the right one: records move when lines are added above them. */
async function findLine({ dataset, work }: OpenFile, line: number, isRight: (line: number) => boolean): Promise<number | undefined> {
  if (isRight(line)) return line;
  await work.readAll();
  const pauses = new Pauses();
  for (let other = 0; other < dataset.lineCount; other++) {
    if (isRight(other)) return other;
    await pauses.breathe(work.signal);
  }
  return undefined;
}

function keyOf(dataset: OpenDataset, line: number): string | undefined {
  const summary = dataset.summary(line) ?? dataset.parsed(line);
  if (summary.status !== 'ok') return undefined;
  return 'record' in summary ? summary.record.key : summary.key;
}

function sectionsOf(dataset: OpenDataset, line: number): readonly RecordSection[] | undefined {
  const record = dataset.record(line);
  return record && recordSections(record);
}

function versionOf(dataset: OpenDataset, line: number): string | undefined {
  const sections = sectionsOf(dataset, line);
  return sections && recordVersion(sections);
}
