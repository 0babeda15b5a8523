import { randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { hash128 } from '../../base/hash';
import type { Logger } from '../../base/logger';
import type { Proposal } from '../../core/proposals/proposal';
import { errorCode } from '../files/fileErrors';
import { type Journal, openJournal, readJournalFrom } from '../store/journal';
import { inStore } from '../store/storeError';
import { type ProposalEvent, proposalEventSchema } from './proposalSchema';

/** A proposal in its present state, with the request that it answers. */
export interface KeptProposal {
  readonly request: string;
  readonly proposal: Proposal;
}

/**
 * The proposals of one dataset, kept in `<folder>/<hash of the dataset's path>.jsonl`. Other processes may append too;
 * reading looks at what has been added since.
 */
export class ProposalJournal {
  readonly #file: string;
  readonly #name: string;
  readonly #logger: Logger;
  #journal: Promise<Journal<ProposalEvent>> | undefined;
  #known: { readonly version: string; readonly fold: ProposalFold; readonly end: number } | undefined;
  /** One reading after another; never rejects. */
  #reading: Promise<unknown> = Promise.resolve();

  constructor(folder: string, name: string, logger: Logger) {
    this.#file = path.join(folder, `${name}.jsonl`);
    this.#name = name;
    this.#logger = logger;
  }

  newId(): string {
    return `${this.#name}.${randomBytes(8).toString('hex')}`;
  }

  /** Resolves when the events are safe on disk. */
  async append(events: readonly ProposalEvent[]): Promise<void> {
    // A failed opening is tried again next time.
    await inStore(this.#file, async () => {
      const journal = await (this.#journal ??= openJournal<ProposalEvent>(this.#file).catch((error: unknown) => {
        this.#journal = undefined;
        throw error;
      }));
      await journal.append(events);
    });
  }

  /** By id, in the order of asking. */
  read(): Promise<ReadonlyMap<string, KeptProposal>> {
    const reading = this.#reading.then(() => inStore(this.#file, () => this.#readNew()));
    this.#reading = reading.catch(() => undefined);
    return reading;
  }

  async #readNew(): Promise<ReadonlyMap<string, KeptProposal>> {
    const version = await versionOf(this.#file);
    if (version === undefined) return new Map();
    const known = this.#known;
    if (known?.version === version.text) return known.fold.kept;
    // Journals only grow: one that has become shorter is another file.
    const since = known !== undefined && version.size >= known.end ? known : { fold: new ProposalFold(), end: 0 };
    const { entries, torn, rejected, end } = await readJournalFrom(this.#file, proposalEventSchema, since.end);
    if (torn || rejected > 0) this.#logger.warn('Proposal journal holds lines that cannot be read', { file: this.#file, torn, rejected });
    for (const event of entries) since.fold.take(event);
    this.#known = { version: version.text, fold: since.fold, end };
    return since.fold.kept;
  }

  /** True for an id that this journal holds; reads the disk only for one it has not met. */
  async has(id: string): Promise<boolean> {
    return this.#known?.fold.kept.has(id) === true || (await this.read()).has(id);
  }

  async close(): Promise<void> {
    const journal = await this.#journal;
    await journal?.close();
  }
}

/**
 * The last status wins. A failure disappears when the same request is asked again for the same line; the answers that a
 * person saw all stay.
 */
class ProposalFold {
  readonly kept = new Map<string, KeptProposal>();
  readonly #failures = new Map<string, string>();

  take(event: ProposalEvent): void {
    if (event.event === 'proposed') {
      const { request, proposal } = event;
      const place = `${request} ${proposal.line}`;
      const failedBefore = this.#failures.get(place);
      if (failedBefore !== undefined) this.kept.delete(failedBefore);
      if (proposal.status === 'failed') this.#failures.set(place, proposal.id);
      this.kept.set(proposal.id, { request, proposal });
      return;
    }
    const known = this.kept.get(event.id);
    if (known === undefined || known.proposal.status === 'failed') return;
    const { before, after } = event.event === 'scored' ? event : known.proposal;
    const status = event.event === 'resolved' ? event.status : known.proposal.status;
    this.kept.set(event.id, { ...known, proposal: { ...known.proposal, status, ...(before && { before }), ...(after && { after }) } });
  }
}

/** The file name for a dataset, which is also the first part of its proposals' ids. */
export function journalName(dataset: string): string {
  return hash128(JSON.stringify(dataset));
}

/** Which journal an id belongs to; undefined for what cannot be an id. */
export function journalOfId(id: string): string | undefined {
  return /^([0-9a-f]{32})\.[0-9a-f]{16}$/.exec(id)?.[1];
}

/** The names of all journals in a folder, which may not exist yet. */
export async function journalNames(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names.flatMap((name) => /^([0-9a-f]{32})\.jsonl$/.exec(name)?.[1] ?? []).sort();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function versionOf(file: string): Promise<{ readonly text: string; readonly size: number } | undefined> {
  try {
    const { size, mtimeMs } = await stat(file);
    return { text: `${size} ${mtimeMs}`, size };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
