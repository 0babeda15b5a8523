import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type * as DuckDB from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';
import { errorMessage } from '../../base/errorMessage';
import type { Logger } from '../../base/logger';
import { syncFolder } from '../files/atomicWrite';
import { errorCode } from '../files/fileErrors';
import { makeFolder } from '../files/makeFolder';
import { columns, type Mutable, type ScoreRow } from './columns';

/** The scorers whose results are wanted; a kind without a scorer is not looked up. */
export interface WantedScorers {
  readonly loss?: string | undefined;
  readonly reward?: string | undefined;
}

type Database = typeof DuckDB;

/** Rows a DuckDB data chunk holds. */
const chunkRows = 2048;

/** With more segments than this a new one is merged with the others. */
const mostSegments = 16;

const columnList = columns.map(([name, type]) => `${name} ${type}`).join(', ');
const columnNames = columns.map(([name]) => name).join(', ');

/**
 * Immutable Parquet files in one folder. A segment appears by rename, complete; it goes away only after all it held
 * is in another one. So any number of processes may read and add at once without a lock, and a row that
 * stands in two segments is the same row.
 */
export class Segments {
  readonly #folder: string;
  readonly #logger: Logger;
  readonly #unreadable = new Set<string>();
  #instance: Promise<{ readonly database: Database; readonly instance: DuckDBInstance }> | undefined;

  constructor(folder: string, logger: Logger) {
    this.#folder = folder;
    this.#logger = logger;
  }

  /** What the segments hold about `keys`; DuckDB loads only when there is a segment. Unreadable segments are left out, with a warning. */
  async lookUp(keys: readonly string[], wanted: WantedScorers, signal?: AbortSignal): Promise<readonly ScoreRow[]> {
    if (keys.length === 0 || (wanted.loss === undefined && wanted.reward === undefined)) return [];
    if ((await this.#files()).length === 0) return [];
    return this.#connected(async (connection, database) => {
      await fillTable(connection, database, 'wanted', 'position INTEGER, key VARCHAR', keys.length, (row) => [row, keys[row] ?? '']);
      return this.#readable((files) => readRows(connection, database, files, keys, wanted, signal), signal);
    });
  }

  /** Makes a segment of `rows`, on disk when it resolves. */
  async add(rows: readonly ScoreRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#connected(async (connection, database) => {
      await fillTable(connection, database, 'added', columnList, rows.length, (row) => columns.map(([name]) => rows[row]?.[name] ?? null));
      await this.#write(connection, `SELECT ${columnNames} FROM added`);
    });
    await this.#compact();
  }

  async dispose(): Promise<void> {
    const opened = this.#instance;
    this.#instance = undefined;
    if (opened !== undefined) (await opened).instance.closeSync();
  }

  /** Failing is harmless: the segments stay as they are, and the next one to add tries again. */
  async #compact(): Promise<void> {
    const files = await this.#files();
    if (files.length <= mostSegments) return;
    try {
      await this.#connected(async (connection, database) => {
        const merged = await this.#readable(async (readable) => {
          await connection.run(
            `CREATE OR REPLACE TEMP TABLE merged AS SELECT DISTINCT ON (key, scorer, kind) ${columnNames} FROM read_parquet($1)`,
            [database.listValue([...readable])],
            [database.LIST(database.VARCHAR)],
          );
          return [...readable];
        });
        if (merged.length < 2) return;
        await this.#write(connection, `SELECT ${columnNames} FROM merged`);
        for (const file of merged) await rm(file, { force: true });
        this.#logger.info('Merged score segments', { segments: merged.length });
      });
    } catch (error) {
      this.#logger.warn('Score segments could not be merged', { segments: files.length, reason: errorMessage(error) });
    }
  }

  /** Sorted by key, so that a look-up of few keys skips most of the file. */
  async #write(connection: DuckDBConnection, query: string): Promise<void> {
    await makeFolder(this.#folder);
    const name = `${Date.now().toString(36)}-${randomBytes(6).toString('hex')}`;
    const file = path.join(this.#folder, `${name}.parquet`);
    const temporary = path.join(this.#folder, `${name}.tmp`);
    try {
      await connection.run(`COPY (${query} ORDER BY key) TO ${quoted(temporary)} (FORMAT parquet, COMPRESSION zstd)`);
      const handle = await open(temporary, 'r+');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(this.#folder);
  }

  /**
   * Runs `query` over all segments that can be read. When it fails, each is tried alone: the unreadable ones are
   * set aside, ones that another process has merged away are replaced by listing the folder again.
   */
  async #readable<T>(query: (files: readonly string[]) => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const files = await this.#files();
      try {
        return await query(files);
      } catch (error) {
        signal?.throwIfAborted();
        const found = await this.#setUnreadableAside(files);
        if (attempt >= 5 || (!found && attempt >= 2)) throw error;
      }
    }
  }

  /** True when the next listing will differ. */
  async #setUnreadableAside(files: readonly string[]): Promise<boolean> {
    let changed = false;
    await this.#connected(async (connection, database) => {
      for (const file of files) {
        try {
          await tryRead(connection, database, file);
        } catch (error) {
          changed = true;
          if (await isGone(file)) continue;
          this.#unreadable.add(file);
          this.#logger.warn('A score segment cannot be read and is left out; its scores will be computed again', { file, reason: errorMessage(error) });
        }
      }
    });
    return changed;
  }

  async #files(): Promise<readonly string[]> {
    let names: string[];
    try {
      names = await readdir(this.#folder);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return [];
      throw error;
    }
    return names
      .filter((name) => name.endsWith('.parquet'))
      .sort()
      .map((name) => path.join(this.#folder, name))
      .filter((file) => !this.#unreadable.has(file));
  }

  /** A connection of its own for each piece of work: temporary tables do not meet. */
  async #connected<T>(work: (connection: DuckDBConnection, database: Database) => Promise<T>): Promise<T> {
    const { database, instance } = await (this.#instance ??= openDatabase().catch((error: unknown) => {
      this.#instance = undefined;
      throw error;
    }));
    const connection = await instance.connect();
    try {
      return await work(connection, database);
    } finally {
      connection.closeSync();
    }
  }
}

/** DuckDB without extensions: none of them is needed, and none may be fetched. */
async function openDatabase() {
  const database = await import('@duckdb/node-api');
  const instance = await database.DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  return { database, instance };
}

async function fillTable(
  connection: DuckDBConnection,
  database: Database,
  table: string,
  definition: string,
  count: number,
  rowAt: (row: number) => DuckDBValue[],
): Promise<void> {
  await connection.run(`CREATE TEMP TABLE ${table} (${definition})`);
  const appender = await connection.createAppender(table, null, 'temp');
  try {
    const types = Array.from({ length: appender.columnCount }, (_, column) => appender.columnType(column));
    for (let first = 0; first < count; first += chunkRows) {
      const length = Math.min(chunkRows, count - first);
      const chunk = database.DuckDBDataChunk.create(types, length);
      chunk.setRows(Array.from({ length }, (_, row) => rowAt(first + row)));
      appender.appendDataChunk(chunk);
    }
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
}

async function readRows(
  connection: DuckDBConnection,
  database: Database,
  files: readonly string[],
  keys: readonly string[],
  wanted: WantedScorers,
  signal: AbortSignal | undefined,
): Promise<ScoreRow[]> {
  if (files.length === 0) return [];
  const values = columns.slice(1).map(([name]) => `s.${name}`);
  const result = await connection.stream(
    `SELECT w.position, ${values.join(', ')} FROM read_parquet($1) s JOIN wanted w ON s.key = w.key
     WHERE (s.kind = 'loss' AND s.scorer = $2) OR (s.kind = 'reward' AND s.scorer = $3)`,
    [database.listValue([...files]), wanted.loss ?? null, wanted.reward ?? null],
    [database.LIST(database.VARCHAR), database.VARCHAR, database.VARCHAR],
  );
  const rows: ScoreRow[] = [];
  for (;;) {
    const chunk = await result.fetchChunk();
    signal?.throwIfAborted();
    if (chunk === null || chunk.rowCount === 0) return rows;
    const [positions = [], ...read] = chunk.getColumns();
    for (let at = 0; at < chunk.rowCount; at += 1) {
      const key = keys[Number(positions[at])];
      const row = key === undefined ? undefined : readRow(key, read, at);
      if (row !== undefined) rows.push(row);
    }
  }
}

/** A row out of the columns after `key`; undefined for one that no version of Cupel writes: a segment may come from another machine. */
function readRow(key: string, read: readonly (readonly DuckDBValue[])[], at: number): ScoreRow | undefined {
  const scorer = read[0]?.[at];
  const kind = read[1]?.[at];
  if (typeof scorer !== 'string' || (kind !== 'loss' && kind !== 'reward')) return undefined;
  const row: Mutable<ScoreRow> = { key, scorer, kind };
  for (let column = 3; column < columns.length; column += 1) {
    const value = read[column - 1]?.[at];
    const [name, type] = columns[column] ?? ['key', 'VARCHAR'];
    if (type === 'VARCHAR') {
      if (name === 'reason' && typeof value === 'string') row.reason = value;
    } else if (typeof value === 'number' && Number.isFinite(value) && (type === 'DOUBLE' || value >= 1)) {
      row[name] = value;
    }
  }
  return row;
}

/** Reads every value that a look-up could need, and throws what that throws. */
async function tryRead(connection: DuckDBConnection, database: Database, file: string): Promise<void> {
  const types: string[] = [];
  for (const select of [`${columnNames} FROM read_parquet($1) LIMIT 0`, `count(COLUMNS(*)) FROM (SELECT ${columnNames} FROM read_parquet($1))`]) {
    const result = await connection.run(`SELECT ${select}`, [database.listValue([file])], [database.LIST(database.VARCHAR)]);
    types.push(result.columnTypes().join());
  }
  const expected = columns.map(([, type]) => type).join();
  if (types[0] !== expected) throw new Error(`its columns are ${types[0] ?? 'none'} instead of ${expected}`);
}

async function isGone(file: string): Promise<boolean> {
  try {
    await (await open(file, 'r')).close();
    return false;
  } catch (error) {
    return errorCode(error) === 'ENOENT';
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
