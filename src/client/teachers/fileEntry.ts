import path from 'node:path';

/**
 * The settings entry of a teacher file: named by its stem, with a number when that name is taken, and by a path
 * relative to the only workspace folder when it lies in there, so that the settings can be shared.
 */
export function fileEntry(file: string, takenIds: readonly string[], workspaceFolders: readonly string[]): { kind: 'file'; id: string; path: string } {
  const stem = path.parse(file).name;
  let id = stem;
  for (let next = 2; takenIds.includes(id); next++) id = `${stem}-${next}`;
  return { kind: 'file', id, path: storedPath(file, workspaceFolders) };
}

function storedPath(file: string, workspaceFolders: readonly string[]): string {
  const [folder, ...others] = workspaceFolders;
  if (folder === undefined || others.length > 0) return file;
  const relative = path.relative(folder, file);
  const outside = relative.startsWith('..') || path.isAbsolute(relative);
  return outside ? file : relative.split(path.sep).join('/');
}
