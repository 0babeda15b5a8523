import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { hash128 } from '../../base/hash';
import { errorCode } from '../files/fileErrors';

/**
 * The names of score journals: `scores-<pid>-<host><random>.jsonl`. A journal belongs to the process that opened it;
 * anyone may read it, and once that process is gone anyone on the same machine may turn it into a segment.
 */

/** Eight hex digits: processes of other machines that share the folder cannot be asked whether they live. */
const host = hash128(hostname()).slice(0, 8);

/** Journals that this process has open, whichever engine they belong to. As wide as the process, since its id is. */
const open = new Set<string>();

const pattern = /^scores-(?<pid>\d+)-(?<host>[0-9a-f]{8})[0-9a-f]+\.jsonl$/;

/** A new path, held by this process until `releaseJournal`. */
export function claimJournal(folder: string): string {
  const file = path.join(folder, `scores-${process.pid}-${host}${randomBytes(6).toString('hex')}.jsonl`);
  open.add(file);
  return file;
}

export function releaseJournal(file: string): void {
  open.delete(file);
}

/** Paths of all score journals; a missing folder has none. */
export async function listJournals(folder: string): Promise<readonly string[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
  return names.filter((name) => pattern.test(name)).map((name) => path.join(folder, name));
}

/** Nobody will append to it any more. Unsure counts as no. */
export function isAbandoned(file: string): boolean {
  const parts = pattern.exec(path.basename(file))?.groups;
  if (parts?.host !== host) return false;
  const pid = Number(parts.pid);
  if (pid === process.pid) return !open.has(file);
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errorCode(error) === 'ESRCH';
  }
}
