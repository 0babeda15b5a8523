import { randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { hash128 } from '../../base/hash';
import type { Logger } from '../../base/logger';
import type { Proposal } from '../../core/proposals/proposal';
import { errorCode } from '../files/fileErrors';
import { type Journal, openJournal, readJournal } from '../store/journal';
import { inStore } from '../store/storeError';
import { type ProposalEvent, proposalEventSchema } from './proposalSchema';

/** A proposal in its present state, with the request that it answers. */
export interface KeptProposal {
  readonly request: string;
  readonly proposal: Proposal;
}

/**
 * The proposals of one dataset, kept in `<folder>/<hash of the dataset's path>.jsonl`. Other processes may append too;
 * reading looks at the disk whenever the file has changed.
 */
export class ProposalJournal {
  readonly #file: string;
  readonly #name: string;
  readonly #logger: Logger;
  #journal: Promise<Journal<ProposalEvent>> | undefined;
  #known: { readonly version: string; readonly proposals: ReadonlyMap<string, KeptProposal> } | undefined;

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
    return inStore(this.#file, () => this.#read());
  }

  async #read(): Promise<ReadonlyMap<string, KeptProposal>> {
    const version = await versionOf(this.#file);
    if (version === undefined) return new Map();
    if (this.#known?.version === version) return this.#known.proposals;
    const { entries, torn, rejected } = await readJournal(this.#file, proposalEventSchema);
    if (torn || rejected > 0) this.#logger.warn('Proposal journal holds lines that cannot be read', { file: this.#file, torn, rejected });
    const proposals = foldEvents(entries);
    this.#known = { version, proposals };
    return proposals;
  }

  /** True for an id that this journal holds; reads the disk only for one it has not met. */
  async has(id: string): Promise<boolean> {
    return this.#known?.proposals.has(id) === true || (await this.read()).has(id);
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
function foldEvents(events: readonly ProposalEvent[]): ReadonlyMap<string, KeptProposal> {
  const kept = new Map<string, KeptProposal>();
  const failures = new Map<string, string>();
  for (const event of events) {
    if (event.event === 'proposed') {
      const { request, proposal } = event;
      const place = `${request} ${proposal.line}`;
      const failedBefore = failures.get(place);
      if (failedBefore !== undefined) kept.delete(failedBefore);
      if (proposal.status === 'failed') failures.set(place, proposal.id);
      kept.set(proposal.id, { request, proposal });
      continue;
    }
    const known = kept.get(event.id);
    if (known === undefined || known.proposal.status === 'failed') continue;
    const { before, after } = event.event === 'scored' ? event : known.proposal;
    const status = event.event === 'resolved' ? event.status : known.proposal.status;
    kept.set(event.id, { ...known, proposal: { ...known.proposal, status, ...(before && { before }), ...(after && { after }) } });
  }
  return kept;
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

async function versionOf(file: string): Promise<string | undefined> {
  try {
    const { size, mtimeMs } = await stat(file);
    return `${size} ${mtimeMs}`;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
