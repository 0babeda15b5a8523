/**
 * The name of a page of a big file, on both ends of the wire:
 * `cupel-page:///data/big.jsonl/big%20501-1000.jsonl?line%3D500`.
 * The path is the file's own with one part added, which is what a tab shows; the query holds the page's first line, 0-based.
 */

export const pageScheme = 'cupel-page';

export interface PagePlace {
  /** URI of the file. */
  readonly file: string;
  /** 0-based. */
  readonly firstLine: number;
}

/** `file` is a URI of the scheme `file`; the page holds the lines `[firstLine, endLine)`, 0-based. */
export function pageUri(file: string, firstLine: number, endLine: number): string {
  const path = file.replace(/^file:/u, '').replace(/\/+$/u, '');
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.(?:jsonl|ndjson)$/iu, '');
  return `${pageScheme}:${path}/${name}%20${firstLine + 1}-${endLine}.jsonl?line%3D${firstLine}`;
}

/** Undefined for what is not the URI of a page. */
export function parsePageUri(uri: string): PagePlace | undefined {
  const parts = /^cupel-page:([^?#]+)\/[^/?#]*\?line(?:=|%3D)(\d+)$/iu.exec(uri);
  const [path, line] = [parts?.[1], Number(parts?.[2])];
  if (path === undefined || !Number.isSafeInteger(line)) return undefined;
  // VS Code leaves out the empty authority of every scheme but `file`.
  return { file: `file:${path.startsWith('//') ? path : `//${path}`}`, firstLine: line };
}

/** A line's number for people, 1-based: in the whole file, also where the document is only a page of it. */
export function lineNumberIn(document: string, line: number): number {
  return (parsePageUri(document)?.firstLine ?? 0) + line + 1;
}

/** The file that holds a document's lines on disk: the document's own URI, or for a page that of its file. */
export function fileOf(uri: string): string {
  return parsePageUri(uri)?.file ?? uri;
}
