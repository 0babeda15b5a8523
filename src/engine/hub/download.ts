import { randomBytes } from 'node:crypto';
import { copyFile, link, realpath, rename, stat, statfs, symlink } from 'node:fs/promises';
import path from 'node:path';
import { formatBytes } from '../../base/formatBytes';
import { writeAtomically } from '../files/atomicWrite';
import { makeFolder } from '../files/makeFolder';
import { fetchBlob, onDisk, partialBytes } from './blob';
import { chooseFiles } from './chooseFiles';
import { repositoryFolder } from './hubCache';
import { HubError } from './hubError';
import { type HubListing, listModel, readHubFile } from './hubListing';
import { isHubName, modelName } from './hubName';
import { type Hub, type HubDeps, reachHub } from './hubWire';
import type { LocatedModel } from './locateModel';
import { listed } from './missingModelError';
import { missingFiles, shardNames, weightsIndexFile } from './modelFiles';

export interface PlannedFile {
  readonly path: string;
  readonly bytes: number;
  /** Its name in `blobs` of the cache: `sha256`, or git's SHA-1 of a small file. */
  readonly blob: string;
  readonly sha256?: string;
}

export interface DownloadPlan {
  /** As on the hub. */
  readonly name: string;
  /** The commit: 40 hex digits. */
  readonly revision: string;
  /** As the model's page says, such as `mit`. */
  readonly licence?: string;
  /** Where the files will be: a snapshot of the Hugging Face cache. */
  readonly folder: string;
  readonly files: readonly PlannedFile[];
  /** Of all files. */
  readonly bytes: number;
  /** Bytes that are here already. */
  readonly present: number;
}

export interface DownloadOptions {
  /** What came until then is kept, and the next download goes on from there. */
  readonly signal?: AbortSignal;
  /** Bytes that are here, those from earlier among them. */
  readonly onProgress?: (bytesDone: number, bytesTotal: number) => void;
}

/**
 * What a download would bring: the files that scoring needs, at the commit that `main` stands at now.
 *
 * @throws HubError
 */
export async function planDownload(name: string, deps: HubDeps, signal: AbortSignal = new AbortController().signal): Promise<DownloadPlan> {
  if (!isHubName(name)) throw new HubError(`${JSON.stringify(name)} is not the name of a model on the hub, such as gpt2 or Qwen/Qwen2.5-0.5B.`);
  const hub = reachHub(deps);
  const listing = await listModel(name, hub, signal);
  const { names, sharded } = chooseFiles(new Set(listing.files.keys()), name);
  const shards = sharded ? await listShards(name, listing, hub, signal) : [];
  const files = [...names, ...shards].map((file): PlannedFile => {
    const known = listing.files.get(file);
    if (known === undefined) throw new HubError(`${name} lacks ${file}, which its ${weightsIndexFile} names.`);
    return { path: file, ...known, ...(known.blob.length === 64 && { sha256: known.blob }) };
  });
  const plan = { name, revision: listing.revision, files, bytes: sum(files.map(({ bytes }) => bytes)), folder: snapshotFolder(hub, name, listing.revision) };
  const present = await Promise.all(files.map((file) => presentBytes(file, plan, hub)));
  return { ...plan, present: sum(present), ...(listing.licence !== undefined && { licence: listing.licence }) };
}

/**
 * Fetches what a plan names into the Hugging Face cache, where Python finds it too. A snapshot is complete or not there:
 * its links are made when every file is here and has the right checksum.
 *
 * @throws HubError
 */
export async function downloadModel(plan: DownloadPlan, deps: HubDeps, { signal = new AbortController().signal, onProgress }: DownloadOptions = {}): Promise<LocatedModel> {
  assertSafe(plan);
  const hub = reachHub(deps);
  const folder = snapshotFolder(hub, plan.name, plan.revision);
  const here = await Promise.all(plan.files.map((file) => presentBytes(file, plan, hub)));
  await assertSpace(hub.cacheDir, plan.bytes - sum(here));
  await onDisk(folder, () => makeFolder(folder));
  await onDisk(folder, () => makeFolder(blobsFolder(hub, plan.name)));
  for (const [index, file] of plan.files.entries()) {
    const target = blobPath(hub, plan.name, file.blob);
    const report = (bytes: number): void => {
      here[index] = bytes;
      onProgress?.(sum(here), plan.bytes);
    };
    if (await isHere(file, plan, hub)) {
      report(file.bytes);
      continue;
    }
    const url = resolveUrl(hub, plan, file.path);
    hub.logger.info('downloading', { model: plan.name, file: file.path, bytes: file.bytes, present: here[index] });
    await fetchBlob({ model: plan.name, file: file.path, url, bytes: file.bytes, blob: file.blob, target, signal, onProgress: report }, hub);
    signal.throwIfAborted();
  }
  for (const file of plan.files) {
    const place = path.join(folder, file.path);
    if (!(await hasSize(place, file.bytes))) await onDisk(place, () => putLink(blobPath(hub, plan.name, file.blob), place));
  }
  const missing = await missingFiles(folder);
  if (missing.length > 0) throw new HubError(`What the hub lists for ${plan.name} is not a whole model: ${folder} lacks ${listed(missing)}.`);
  const refs = path.join(repositoryFolder(hub.cacheDir, plan.name), 'refs');
  await onDisk(refs, () => makeFolder(refs));
  await writeAtomically(path.join(refs, 'main'), [plan.revision]);
  return { folder: await realpath(folder), name: modelName(plan.name) };
}

async function listShards(name: string, { revision }: HubListing, hub: Hub, signal: AbortSignal): Promise<readonly string[]> {
  const shards = shardNames(await readHubFile(name, resolveUrl(hub, { name, revision }, weightsIndexFile), hub, signal));
  if (shards === undefined) throw new HubError(`${weightsIndexFile} of ${name} cannot be read, or names files that do not belong into a model's folder.`);
  return shards;
}

/** A plan may have been stored or sent; its names become paths. */
function assertSafe({ name, revision, files }: DownloadPlan): void {
  const isSafe = isHubName(name) && /^[0-9a-f]{40}$/.test(revision) && files.every((file) => /^\w[\w.-]*$/.test(file.path) && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(file.blob) && Number.isSafeInteger(file.bytes) && file.bytes >= 0);
  if (!isSafe) throw new HubError(`The plan to download ${JSON.stringify(name)} names files that do not belong into a model's folder.`);
}

type Commit = Pick<DownloadPlan, 'name' | 'revision'>;

async function presentBytes(file: PlannedFile, commit: Commit, hub: Hub): Promise<number> {
  return (await isHere(file, commit, hub)) ? file.bytes : partialBytes(blobPath(hub, commit.name, file.blob), file.bytes);
}

/** Where the cache cannot have links, Python moves a file into the snapshot and leaves no blob. */
async function isHere({ path: file, bytes, blob }: PlannedFile, { name, revision }: Commit, hub: Hub): Promise<boolean> {
  return (await hasSize(path.join(snapshotFolder(hub, name, revision), file), bytes)) || (await hasSize(blobPath(hub, name, blob), bytes));
}

const spareBytes = 64 << 20;

async function assertSpace(cacheDir: string, needed: number): Promise<void> {
  if (needed === 0) return;
  const free = await freeBytes(cacheDir);
  if (free === undefined || free >= needed + spareBytes) return;
  throw new HubError(`The download takes ${formatBytes(needed)}, and the disk of ${cacheDir} has ${formatBytes(free)} left; make room, or set HF_HUB_CACHE to a folder on another disk.`);
}

/** On the disk that a folder is on or will be; undefined where the system does not tell. */
async function freeBytes(folder: string): Promise<number | undefined> {
  for (let place = folder; ; place = path.dirname(place)) {
    const disk = await statfs(place).catch(() => undefined);
    if (disk !== undefined) return disk.bavail * disk.bsize;
    if (place === path.dirname(place)) return undefined;
  }
}

/** As huggingface_hub does: a relative link, so that the cache can be moved; where links need rights, a second name for the file, else a copy. */
async function putLink(blob: string, place: string): Promise<void> {
  const temporary = `${place}.${randomBytes(6).toString('hex')}.tmp`;
  await symlink(path.relative(path.dirname(place), blob), temporary)
    .catch(() => link(blob, temporary))
    .catch(() => copyFile(blob, temporary));
  await rename(temporary, place);
}

async function hasSize(file: string, bytes: number): Promise<boolean> {
  const state = await stat(file).catch(() => undefined);
  return state?.isFile() === true && state.size === bytes;
}

function snapshotFolder(hub: Hub, name: string, revision: string): string {
  return path.join(repositoryFolder(hub.cacheDir, name), 'snapshots', revision);
}

function blobsFolder(hub: Hub, name: string): string {
  return path.join(repositoryFolder(hub.cacheDir, name), 'blobs');
}

function blobPath(hub: Hub, name: string, blob: string): string {
  return path.join(blobsFolder(hub, name), blob);
}

function resolveUrl(hub: Hub, { name, revision }: Commit, file: string): string {
  return `${hub.endpoint}/${name}/resolve/${revision}/${encodeURIComponent(file)}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
