import { lastAtMost, lineText, type PagedFile } from './pagedFile';
import { readRange } from './lineIndex';
import { matchLines, patternOf, spellings, type SearchQuery } from './searchQuery';

export interface SearchOptions {
  /** The first line to look at, 0-based. */
  readonly from?: number;
  /** Hits handed out at once. */
  readonly limit?: number;
  readonly signal?: AbortSignal | undefined;
  /** The share of the file that has been looked at, from 0 to 1. */
  readonly onProgress?: ((share: number, hits: number) => void) | undefined;
}

/** The first place in a line. */
export interface SearchHit {
  /** 0-based. */
  readonly line: number;
  /** In UTF-16 units of the line, as a page shows it. */
  readonly start: number;
  readonly end: number;
  /** The match with what stands around it; raw text of the file. */
  readonly excerpt: string;
}

export interface SearchResult {
  readonly hits: readonly SearchHit[];
  /** The line to go on from when there may be more; undefined at the end of the file. */
  readonly next: number | undefined;
  /** Lines that are too long to be searched. */
  readonly unsearched: number;
}

/** Bytes read at once, whole lines; a longer line is read by itself. */
const chunkBytes = 4 << 20;
const longestLine = 64 << 20;
const around = { before: 30, after: 90 };

/** Lines that hold a text, in the order of the file, one hit a line; reads the file by ranges and holds none of it. */
export async function searchLines(file: PagedFile, query: SearchQuery, { from = 0, limit = 1000, signal, onProgress }: SearchOptions = {}): Promise<SearchResult> {
  const pattern = patternOf(query);
  const needles = query.regex === true || query.caseSensitive !== true ? undefined : spellings(query.text).map((text) => Buffer.from(text, 'utf8'));
  const { starts, count } = file.index;
  const hits: SearchHit[] = [];
  let unsearched = 0;
  for (let first = from; first < count; ) {
    signal?.throwIfAborted();
    const start = starts[first] ?? 0;
    const end = Math.max(first + 1, Math.min(count, lastAtMost(starts, start + chunkBytes, count + 1)));
    const length = (starts[end] ?? start) - start;
    if (length > longestLine) unsearched += 1;
    else {
      const chunk: Chunk = { bytes: await readRange(file.path, start, length, signal), first, end, starts };
      const left = limit - hits.length;
      const found = needles ? findBytes(chunk, needles, left) : findText(chunk, pattern, left);
      for (const hit of found) hits.push(hit);
      const last = hits.at(-1);
      if (last && hits.length === limit) return { hits, next: last.line + 1 < count ? last.line + 1 : undefined, unsearched };
    }
    first = end;
    onProgress?.(((starts[end] ?? 0) - (starts[from] ?? 0)) / Math.max(1, file.bytes - (starts[from] ?? 0)), hits.length);
  }
  return { hits, next: undefined, unsearched };
}

interface Chunk {
  readonly bytes: Buffer;
  readonly first: number;
  readonly end: number;
  readonly starts: Float64Array;
}

/** Finds the bytes themselves: nothing is decoded but the lines that hold one. */
function findBytes(chunk: Chunk, needles: readonly Buffer[], limit: number): SearchHit[] {
  const { bytes, first, starts } = chunk;
  const base = starts[first] ?? 0;
  const next = needles.map((needle) => bytes.indexOf(needle));
  const hits: SearchHit[] = [];
  for (let at = 0; hits.length < limit; ) {
    for (const [index, needle] of needles.entries()) if ((next[index] ?? -1) >= 0 && (next[index] ?? -1) < at) next[index] = bytes.indexOf(needle, at);
    const [place, needle] = nearest(next, needles);
    if (place === undefined || needle === undefined) break;
    const line = lastAtMost(starts, base + place, chunk.end);
    const [lineStart, lineEnd] = [(starts[line] ?? 0) - base, (starts[line + 1] ?? 0) - base];
    const text = lineText(bytes.subarray(lineStart, lineEnd), line === 0);
    const start = lineText(bytes.subarray(lineStart, place), line === 0).length;
    hits.push(hitAt(line, text, start, start + needle.toString('utf8').length));
    at = lineEnd;
  }
  return hits;
}

function nearest(places: readonly number[], needles: readonly Buffer[]): [number | undefined, Buffer | undefined] {
  let best = -1;
  for (const [index, place] of places.entries()) if (place >= 0 && (best < 0 || place < (places[best] ?? Infinity))) best = index;
  return best < 0 ? [undefined, undefined] : [places[best], needles[best]];
}

function findText({ bytes, first, end, starts }: Chunk, pattern: RegExp, limit: number): SearchHit[] {
  const base = starts[first] ?? 0;
  const texts = Array.from({ length: end - first }, (_, index) => lineText(bytes.subarray((starts[first + index] ?? 0) - base, (starts[first + index + 1] ?? 0) - base), first + index === 0));
  return matchLines(pattern, texts, limit).map(({ line, start, end: to }) => hitAt(first + line, texts[line] ?? '', start, to));
}

function hitAt(line: number, text: string, start: number, end: number): SearchHit {
  const [from, to] = [Math.max(0, start - around.before), Math.min(text.length, start + around.after)];
  return { line, start, end, excerpt: `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}` };
}
