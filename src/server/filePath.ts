import { fileURLToPath, pathToFileURL } from 'node:url';
import { fileOf } from '../protocol/pageUri';

/** Where a document lies on disk; a document that was never saved goes by its URI. */
export function filePath(uri: string): string {
  return uri.startsWith('file:') ? fileURLToPath(uri) : uri;
}

/** The file that holds a document, for a page of a big file the whole of it. @throws with what to do for a document that was never saved. */
export function savedPath(uri: string): string {
  const file = fileOf(uri);
  if (!file.startsWith('file:')) throw new Error('The file has not been saved yet: save it first.');
  return fileURLToPath(file);
}

export function fileUri(path: string): string {
  return path.startsWith('untitled:') ? path : pathToFileURL(path).href;
}
