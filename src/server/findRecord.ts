import type { DataRecord } from '../core/record/conversation';
import type { Proposal } from '../core/proposals/proposal';
import { readDataset } from '../engine/files/dataset';
import type { Datasets, OpenFile } from './datasets';
import { filePath, fileUri } from './filePath';
import type { OpenDataset } from './openDataset';

export interface FoundRecord {
  readonly uri: string;
  /** 0-based. */
  readonly line: number;
  readonly text: string;
  readonly record: DataRecord;
  /** Of the open document; null when the file is not open and was read from disk. */
  readonly version: number | null;
}

/**
 * Where the record of a proposal stands now: on its old line, or wherever else in the file it is found by its key.
 * Undefined when it was edited since, or is gone.
 */
export async function findRecord(datasets: Datasets, proposal: Proposal, signal: AbortSignal): Promise<FoundRecord | undefined> {
  const uri = fileUri(proposal.file);
  const open = findOpen(datasets, proposal.file)?.dataset;
  return open ? findInOpen(open, proposal) : findOnDisk(uri, proposal, signal);
}

/** The open document of a file; editors spell one file's URI in several ways (`file:///c%3A/…`). */
export function findOpen(datasets: Datasets, file: string): OpenFile | undefined {
  const known = datasets.get(fileUri(file));
  if (known) return known;
  for (const open of datasets.all()) if (filePath(open.dataset.uri) === file) return open;
  return undefined;
}

function findInOpen(dataset: OpenDataset, { recordKey, line: oneBased }: Proposal): FoundRecord | undefined {
  const { lines } = dataset;
  dataset.parsed(oneBased - 1);
  if (lines.withKey(recordKey).length === 0) for (let unread = lines.unread.next(); unread; unread = lines.unread.next()) dataset.read(unread);
  const known = lines.withKey(recordKey);
  const line = known.includes(oneBased - 1) ? oneBased - 1 : (known[0] ?? -1);
  const record = line < 0 ? undefined : dataset.record(line);
  return record && { uri: dataset.uri, line, text: dataset.lineText(line), record, version: dataset.version };
}

async function findOnDisk(uri: string, { recordKey, file, line: oneBased }: Proposal, signal: AbortSignal): Promise<FoundRecord | undefined> {
  if (!uri.startsWith('file:')) return undefined;
  let elsewhere: FoundRecord | undefined;
  for await (const { number, text, parsed } of readDataset(file, signal)) {
    if (parsed.status !== 'ok' || parsed.record.key !== recordKey) continue;
    const found = { uri, line: number - 1, text, record: parsed.record, version: null };
    if (number === oneBased) return found;
    elsewhere ??= found;
  }
  return elsewhere;
}
