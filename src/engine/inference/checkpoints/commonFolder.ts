import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { CheckpointError } from './checkpointError';

/** The deepest folder that holds all files wherever links lead, and each file's path from there with forward slashes. */
export async function commonFolder(files: readonly string[]): Promise<{ readonly folder: string; readonly relative: ReadonlyMap<string, string> }> {
  const real = await Promise.all(files.map(async (file) => [file, await realpath(file)] as const));
  let folder = path.dirname(real[0]?.[1] ?? '');
  for (const [, target] of real) {
    while (isOutside(path.relative(folder, target))) {
      const parent = path.dirname(folder);
      if (parent === folder) throw new CheckpointError(`${target} lies on another drive than the rest of its model; put the model's files into one folder.`);
      folder = parent;
    }
  }
  return { folder, relative: new Map(real.map(([file, target]) => [file, path.relative(folder, target).split(path.sep).join('/')])) };
}

function isOutside(relative: string): boolean {
  return relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
}
