import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolderName } from './hubName';

/**
 * The folder of one model in the Hugging Face cache: `refs/main` holds a commit, `snapshots/<commit>` its files, as links
 * to `blobs/<checksum>`.
 */
export function repositoryFolder(cacheDir: string, hubName: string): string {
  return path.join(cacheDir, cacheFolderName(hubName));
}

/** Paths of a model's snapshots, whole or not: the one that `refs/main` names, then the newest first; empty where there are none. */
export async function snapshots(repository: string): Promise<readonly string[]> {
  const folder = path.join(repository, 'snapshots');
  const commits = await readdir(folder).catch(() => []);
  const main = await mainCommit(repository);
  const found = await Promise.all(
    commits.map(async (commit) => {
      const state = await stat(path.join(folder, commit)).catch(() => undefined);
      return { path: path.join(folder, commit), isFolder: state?.isDirectory() ?? false, changed: commit === main ? Number.POSITIVE_INFINITY : (state?.mtimeMs ?? 0) };
    }),
  );
  return found
    .filter(({ isFolder }) => isFolder)
    .sort((a, b) => (a.changed === b.changed ? 0 : b.changed - a.changed))
    .map((snapshot) => snapshot.path);
}

/** The repository folder of a path inside a snapshot of the cache, if it is one: `…/models--gpt2` for `…/models--gpt2/snapshots/<commit>`. */
export function repositoryOfSnapshot(folder: string): string | undefined {
  const snapshotsFolder = path.dirname(folder);
  return path.basename(snapshotsFolder) === 'snapshots' ? path.dirname(snapshotsFolder) : undefined;
}

async function mainCommit(repository: string): Promise<string | undefined> {
  const handle = await open(path.join(repository, 'refs', 'main')).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(128), 0, 128, 0);
    return buffer.toString('utf8', 0, bytesRead).trim();
  } catch {
    return undefined; // Then the newest snapshot goes first.
  } finally {
    await handle.close();
  }
}
