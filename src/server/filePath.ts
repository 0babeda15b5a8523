import { fileURLToPath, pathToFileURL } from 'node:url';

/** Where a document lies on disk; a document that was never saved goes by its URI. */
export function filePath(uri: string): string {
  return uri.startsWith('file:') ? fileURLToPath(uri) : uri;
}

/** @throws with what to do for a document that was never saved. */
export function savedPath(uri: string): string {
  if (!uri.startsWith('file:')) throw new Error('The file has not been saved yet: save it first.');
  return fileURLToPath(uri);
}

export function fileUri(path: string): string {
  return path.startsWith('untitled:') ? path : pathToFileURL(path).href;
}
