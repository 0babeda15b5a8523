import { exchangeOf } from '../../core/proposals/exchangeOf';
import type { Proposal } from '../../core/proposals/proposal';
import type { DataRecord, Exchange } from '../../core/record/conversation';
import { applySplice } from '../../core/record/splice';
import { readDataset } from '../files/dataset';
import { writeAtomically } from '../files/atomicWrite';
import { rememberVersion } from './unchanged';

export interface ApplyOptions {
  readonly file: string;
  readonly proposals: readonly Proposal[];
  /** The file itself unless given. */
  readonly out?: string;
  readonly signal?: AbortSignal;
}

export interface ApplyReport {
  readonly applied: number;
  /** Proposals whose record is no longer in the file as it was when the teacher was asked. */
  readonly notFound: readonly Proposal[];
  /** Proposals whose record took another one's response. */
  readonly superseded: readonly Proposal[];
}

/**
 * Puts each proposed response into its own line and leaves every other byte as it is. Records are found by key, so moved
 * lines are followed and edited ones are left alone; the record, not the proposal, says where its response stands.
 * Where a record occurs several times, each occurrence gets the response made for its line, else the last one.
 */
export async function applyProposals(options: ApplyOptions): Promise<ApplyReport> {
  const usable = options.proposals.filter(({ status, response }) => status !== 'failed' && status !== 'rejected' && response !== undefined);
  const byRecord = new Map<string, Proposal[]>();
  for (const proposal of usable) byRecord.set(proposal.recordKey, [...(byRecord.get(proposal.recordKey) ?? []), proposal]);
  const applied = new Set<string>();
  const met = new Set<string>();
  const assertUnchanged = await rememberVersion(options.file);

  async function* lines() {
    for await (const { number, bytes, text, parsed } of readDataset(options.file, options.signal)) {
      const found = parsed.status === 'ok' ? byRecord.get(parsed.record.key) : undefined;
      let edited = text;
      if (parsed.status === 'ok' && found !== undefined) {
        for (const [exchange, proposals] of byExchange(parsed.record, found)) {
          const chosen = proposals.findLast(({ line }) => line === number) ?? proposals.at(-1);
          const spliced = chosen && applySplice(edited, exchange.response.path, chosen.response ?? '');
          if (chosen === undefined || spliced === undefined) continue;
          edited = spliced;
          applied.add(chosen.id);
          for (const { id } of proposals) met.add(id);
        }
      }
      yield edited === text ? bytes : withText(bytes, text, edited);
    }
    await assertUnchanged();
  }
  await writeAtomically(options.out ?? options.file, lines());
  return {
    applied: applied.size,
    notFound: usable.filter(({ id }) => !met.has(id)),
    superseded: usable.filter(({ id }) => met.has(id) && !applied.has(id)),
  };
}

function byExchange(record: DataRecord, proposals: readonly Proposal[]): ReadonlyMap<Exchange, readonly Proposal[]> {
  const grouped = new Map<Exchange, Proposal[]>();
  for (const proposal of proposals) {
    const exchange = exchangeOf(record, proposal);
    if (exchange) grouped.set(exchange, [...(grouped.get(exchange) ?? []), proposal]);
  }
  return grouped;
}

/** The line's bytes with its text exchanged: what stands before (a byte-order mark) and after (the line end) stays. */
function withText(bytes: Buffer, text: string, edited: string): Buffer {
  const start = bytes.indexOf(text, 0, 'utf8');
  const end = start + Buffer.byteLength(text, 'utf8');
  return Buffer.concat([bytes.subarray(0, start), Buffer.from(edited, 'utf8'), bytes.subarray(end)]);
}
