import type { Proposal } from '../../core/proposals/proposal';
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
}

/**
 * Puts each proposed response into its own line and leaves every other byte as it is. Records are found by key, so moved
 * lines are followed and edited ones are left alone. Where a record occurs several times, each occurrence gets the response.
 */
export async function applyProposals(options: ApplyOptions): Promise<ApplyReport> {
  const usable = options.proposals.filter(({ status, response }) => status !== 'failed' && status !== 'rejected' && response !== undefined);
  const byRecord = new Map<string, Proposal[]>();
  for (const proposal of usable) byRecord.set(proposal.recordKey, [...(byRecord.get(proposal.recordKey) ?? []), proposal]);
  const applied = new Set<string>();
  const assertUnchanged = await rememberVersion(options.file);

  async function* lines() {
    for await (const { bytes, text, parsed } of readDataset(options.file, options.signal)) {
      const wanted = parsed.status === 'ok' ? byRecord.get(parsed.record.key) : undefined;
      const edited = wanted?.reduce((line, proposal) => applySplice(line, proposal.path, proposal.response ?? '') ?? line, text);
      for (const { id } of wanted ?? []) applied.add(id);
      yield edited === undefined || edited === text ? bytes : withText(bytes, text, edited);
    }
    await assertUnchanged();
  }
  await writeAtomically(options.out ?? options.file, lines());
  return { applied: applied.size, notFound: usable.filter(({ id }) => !applied.has(id)) };
}

/** The line's bytes with its text exchanged: what stands before (a byte-order mark) and after (the line end) stays. */
function withText(bytes: Buffer, text: string, edited: string): Buffer {
  const start = bytes.indexOf(text, 0, 'utf8');
  const end = start + Buffer.byteLength(text, 'utf8');
  return Buffer.concat([bytes.subarray(0, start), Buffer.from(edited, 'utf8'), bytes.subarray(end)]);
}
