import { rm } from 'node:fs/promises';
import path from 'node:path';
import { errorMessage } from '../../base/errorMessage';
import type { Logger } from '../../base/logger';
import type { Measurement } from '../../core/scores/catalogue';
import { explainFileError } from '../files/fileErrors';
import { rowsOf, type ScoreRow, scoreRowSchema, withRow } from './columns';
import { type Journal, openJournal, readJournal } from './journal';
import { claimJournal, isAbandoned, listJournals, releaseJournal } from './scoreJournals';
import { inStore, StoreError } from './storeError';
import { Segments, type WantedScorers } from './segments';

/** Fewer finished results than this stay in the journal at the end of a run: a segment for each edited record would be waste. */
const worthASegment = 256;

/** This process's open journal: the file, and what stands in it. */
interface Current {
  readonly file: string;
  readonly journal: Journal<ScoreRow>;
  readonly rows: ScoreRow[];
}

/**
 * What scorers have said, kept for good: `<folder>/journal` takes every finished batch at once, `<folder>/segments`
 * takes a journal when there is enough in it. Look-ups see both, and the journals of processes that were killed.
 */
export class ScoreStore {
  readonly #segments: Segments;
  readonly #journalFolder: string;
  readonly #logger: Logger;
  /** Rows that stand in journals, by kind and scorer, then key. */
  readonly #journaled = new Map<string, Map<string, ScoreRow>>();
  /** Journals of other processes, read once. */
  readonly #seen = new Set<string>();
  #current: Promise<Current> | undefined;
  #settling: Promise<void> = Promise.resolve();

  constructor(storageDir: string, logger: Logger) {
    this.#segments = new Segments(path.join(storageDir, 'segments'), logger);
    this.#journalFolder = path.join(storageDir, 'journal');
    this.#logger = logger;
  }

  /** What is known about each key under these scorers; keys without anything are absent. */
  async lookUp(keys: readonly string[], wanted: WantedScorers, signal?: AbortSignal): Promise<Map<string, Measurement>> {
    if (wanted.loss === undefined && wanted.reward === undefined) return new Map();
    const distinct = [...new Set(keys)];
    // Journals first: one that goes away meanwhile is already a segment when the segments are listed.
    await this.#readForeignJournals();
    signal?.throwIfAborted();
    const found = new Map<string, Measurement>();
    const take = (row: ScoreRow) => found.set(row.key, withRow(found.get(row.key) ?? { key: row.key }, row));
    for (const row of await this.#fromSegments(distinct, wanted, signal)) take(row);
    signal?.throwIfAborted();
    for (const [kind, scorer] of [['loss', wanted.loss], ['reward', wanted.reward]] as const) {
      const rows = scorer === undefined ? undefined : this.#journaled.get(`${kind} ${scorer}`);
      if (rows === undefined) continue;
      for (const key of distinct) {
        const row = rows.get(key);
        if (row !== undefined) take(row);
      }
    }
    return found;
  }

  /** Keeps the losses and rewards of finished measurements; they are on disk when it resolves. */
  async record(measurements: readonly Measurement[]): Promise<void> {
    const rows = measurements.flatMap(rowsOf);
    if (rows.length === 0) return;
    try {
      await this.#append(rows);
    } catch (error) {
      throw new StoreError(`Scores could not be kept: ${explainFileError(error, this.#journalFolder)} What was finished before is safe; the next run goes on from there.`, { cause: error });
    }
    this.#remember(rows);
  }

  /**
   * Turns journals into segments: this process's when it holds enough (or `all` is asked for), and those that killed
   * processes left. When that fails the journals stay, and with them all results: it is logged and tried again later.
   */
  settle(extent: 'enough' | 'all'): Promise<void> {
    const step = async () => {
      try {
        await this.#settleCurrent(extent);
        await this.#settleAbandoned();
      } catch (error) {
        this.#logger.warn('Score journals could not be made into segments; they stay as they are', { reason: errorMessage(error) });
      }
    };
    return (this.#settling = this.#settling.then(step));
  }

  async dispose(): Promise<void> {
    if (this.#current !== undefined) await this.settle('all');
    await this.#settling;
    await this.#segments.dispose();
  }

  async #fromSegments(keys: readonly string[], wanted: WantedScorers, signal: AbortSignal | undefined): Promise<readonly ScoreRow[]> {
    try {
      return await this.#segments.lookUp(keys, wanted, signal);
    } catch (error) {
      signal?.throwIfAborted();
      this.#logger.error('Stored scores cannot be read', { reason: errorMessage(error) });
      return [];
    }
  }

  async #readForeignJournals(): Promise<void> {
    const own = (await this.#current)?.file;
    for (const file of await inStore(this.#journalFolder, () => listJournals(this.#journalFolder))) {
      if (file === own || this.#seen.has(file)) continue;
      this.#seen.add(file);
      try {
        this.#remember(await this.#rowsIn(file));
      } catch (error) {
        this.#logger.warn('A score journal cannot be read and is left out', { file, reason: errorMessage(error) });
      }
    }
  }

  async #settleCurrent(extent: 'enough' | 'all'): Promise<void> {
    const opening = this.#current;
    if (opening === undefined) return;
    const current = await opening;
    if (extent === 'enough' && current.rows.length < worthASegment) return;
    this.#current = undefined;
    this.#seen.add(current.file);
    try {
      await current.journal.close();
      await this.#segments.add(current.rows);
      await rm(current.file, { force: true });
      this.#forget(current.rows);
    } finally {
      releaseJournal(current.file);
    }
  }

  async #settleAbandoned(): Promise<void> {
    for (const file of await listJournals(this.#journalFolder)) {
      if (!isAbandoned(file)) continue;
      const rows = await this.#rowsIn(file);
      await this.#segments.add(rows);
      await rm(file, { force: true });
      this.#forget(rows);
      this.#logger.info('Took over the scores of a run that was cut off', { rows: rows.length });
    }
  }

  async #rowsIn(file: string): Promise<readonly ScoreRow[]> {
    const { entries, torn, rejected } = await readJournal(file, scoreRowSchema);
    if (torn || rejected > 0) this.#logger.warn('A score journal holds lines that were cut off or are not in its form; they are left out', { file, torn, rejected });
    return entries;
  }

  async #append(rows: readonly ScoreRow[]): Promise<void> {
    for (;;) {
      const opening = (this.#current ??= this.#open());
      const { rows: all, journal } = await opening;
      // A settle may have closed it while this waited.
      if (opening !== this.#current) continue;
      all.push(...rows);
      return journal.append(rows);
    }
  }

  async #open(): Promise<Current> {
    const file = claimJournal(this.#journalFolder);
    try {
      return { file, journal: await openJournal<ScoreRow>(file), rows: [] };
    } catch (error) {
      releaseJournal(file);
      this.#current = undefined;
      throw error;
    }
  }

  #remember(rows: readonly ScoreRow[]): void {
    for (const row of rows) {
      const group = `${row.kind} ${row.scorer}`;
      let byKey = this.#journaled.get(group);
      if (byKey === undefined) this.#journaled.set(group, (byKey = new Map<string, ScoreRow>()));
      byKey.set(row.key, row);
    }
  }

  #forget(rows: readonly ScoreRow[]): void {
    for (const row of rows) this.#journaled.get(`${row.kind} ${row.scorer}`)?.delete(row.key);
  }
}
