import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { explainFileError } from '../files/fileErrors';
import { repositoryFolder, repositoryOfSnapshot, snapshots } from './hubCache';
import { expandHome, hubEnvironment } from './hubEnvironment';
import { hubNameOfCacheFolder, hubNames, isHubName, modelName } from './hubName';
import { listed, MissingModelError } from './missingModelError';
import { architectures, configFile, graphFile, isFile, missingFiles, neededFiles } from './modelFiles';

export interface LocatedModel {
  /** Absolute, without links; it holds every file that scoring needs. */
  readonly folder: string;
  /** `tiny`, `Qwen/Qwen2.5-0.5B`, or the folder's name: what a scorer id begins with. */
  readonly name: string;
}

export interface ModelPlaces {
  /** Cupel's own models, `tiny` among them. */
  readonly modelsDir: string;
  /** What relative paths start from. */
  readonly workingDir: string;
  /** The Hugging Face cache, by default the one that the environment names. */
  readonly cacheDir?: string;
}

/**
 * The folder of a model that is on this machine.
 *
 * @param location `tiny`; a folder (absolute, `./…`, `~/…`, or one that exists in the working folder); or a name on the hub,
 * which is looked for in the Hugging Face cache
 * @throws MissingModelError
 */
export async function locateModel(location: string, places: ModelPlaces): Promise<LocatedModel> {
  if (location === 'tiny') return tinyModel(places.modelsDir);
  if (location === '' || /\p{Cc}/u.test(location)) throw noModelNamed(location);
  const folder = path.resolve(places.workingDir, expandHome(location));
  if (!isHubName(location)) {
    if (isPath(location) || (await isFolder(folder))) return modelInFolder(folder);
    throw noModelNamed(location);
  }
  // A folder of the same name that holds other things, such as results, does not hide the model.
  if ((await isFile(path.join(folder, configFile))) || (await isFile(path.join(folder, graphFile)))) return modelInFolder(folder);
  return modelInCache(location, places.cacheDir ?? hubEnvironment().cacheDir);
}

export interface CachedModelsOptions {
  readonly cacheDir?: string;
  /** Whether weights of this class, such as `GPT2LMHeadModel`, can be scored with; a graph always can. */
  readonly isSupported: (architecture: string) => boolean;
}

/** The whole models in the Hugging Face cache that can be scored with, by name; of a model's snapshots the one that `locateModel` takes. */
export async function cachedModels({ cacheDir = hubEnvironment().cacheDir, isSupported }: CachedModelsOptions): Promise<readonly LocatedModel[]> {
  const folders = await readdir(cacheDir).catch(() => []);
  const names = new Set(folders.flatMap((folder) => hubNameOfCacheFolder(folder) ?? []).map(modelName));
  const found: LocatedModel[] = [];
  for (const name of [...names].sort()) {
    const folder = await wholeSnapshot(name, cacheDir);
    if (folder !== undefined && ((await isFile(path.join(folder, graphFile))) || (await architectures(folder)).some(isSupported))) found.push({ folder, name });
  }
  return found;
}

async function tinyModel(modelsDir: string): Promise<LocatedModel> {
  const folder = path.join(modelsDir, 'tiny');
  const missing = await missingFiles(folder);
  if (missing.length > 0) throw new MissingModelError(`The model tiny, which comes with Cupel, is not whole: ${folder} lacks ${listed(missing)}. Install Cupel again.`);
  return { folder: await realpath(folder), name: 'tiny' };
}

async function modelInFolder(folder: string): Promise<LocatedModel> {
  const real = await realFolder(folder);
  const missing = await missingFiles(real);
  if (missing.length === 0) return { folder: real, name: nameOfFolder(real) };
  const pickled = (await isFile(path.join(real, 'pytorch_model.bin'))) ? ' Of pytorch_model.bin nothing is read, since it can hold code: `save_pretrained(DIR)` in transformers writes safetensors.' : '';
  throw new MissingModelError(`${folder} is not a whole model: it lacks ${listed(missing)}.${pickled}`);
}

async function realFolder(folder: string): Promise<string> {
  let real: string;
  try {
    real = await realpath(folder);
  } catch (error) {
    throw new MissingModelError(`${explainFileError(error, folder)} A model is a folder with ${neededFiles}.`);
  }
  if (!(await isFolder(real))) throw new MissingModelError(`${folder} is a file; name the folder that holds ${neededFiles}.`);
  return real;
}

/** A snapshot of the cache is named for its model, any other folder for itself. */
function nameOfFolder(folder: string): string {
  const repository = repositoryOfSnapshot(folder);
  const hubName = repository === undefined ? undefined : hubNameOfCacheFolder(path.basename(repository));
  return hubName === undefined ? path.basename(folder).replace(/[^\p{L}\p{N}._-]+/gu, '-') || 'model' : modelName(hubName);
}

async function modelInCache(hubName: string, cacheDir: string): Promise<LocatedModel> {
  const folder = await wholeSnapshot(hubName, cacheDir);
  if (folder !== undefined) return { folder, name: modelName(hubName) };
  const repositories = hubNames(hubName).map((name) => repositoryFolder(cacheDir, name));
  for (const repository of repositories) {
    const [snapshot] = await snapshots(repository);
    if (snapshot === undefined) continue;
    const missing = await missingFiles(snapshot);
    throw new MissingModelError(`${hubName} is not whole on this machine: ${snapshot} lacks ${listed(missing)}. \`cupel download ${hubName}\` fetches what is missing.`, hubName);
  }
  throw new MissingModelError(
    `${hubName} is not on this machine: there is no ${repositories.join(' or ')} with ${neededFiles}. \`cupel download ${hubName}\` fetches them, or name a folder that holds them.`,
    hubName,
  );
}

async function wholeSnapshot(hubName: string, cacheDir: string): Promise<string | undefined> {
  for (const name of hubNames(hubName)) {
    for (const snapshot of await snapshots(repositoryFolder(cacheDir, name))) {
      if ((await missingFiles(snapshot)).length === 0) return realpath(snapshot);
    }
  }
  return undefined;
}

function isPath(location: string): boolean {
  return path.isAbsolute(location) || /^(\.{1,2}|~)([\\/]|$)/.test(location) || location.split(/[\\/]/).length > 2;
}

async function isFolder(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => undefined))?.isDirectory() ?? false;
}

function noModelNamed(location: string): MissingModelError {
  return new MissingModelError(`${JSON.stringify(location)} is neither a folder nor the name of a model such as gpt2 or Qwen/Qwen2.5-0.5B.`);
}
