import type { CancellationToken, Connection } from 'vscode-languageserver';
import { formatBytes } from '../base/formatBytes';
import { formatCount } from '../core/scores/format';
import { PagedFile, type PagedFileOptions } from '../engine/files/pagedFile';
import { searchLines } from '../engine/files/searchLines';
import { plainLine } from '../languageService/hostileText';
import type { BigFile, BigFileHits, BigFilePage, Requests } from '../protocol/lsp';
import { parsePageUri } from '../protocol/pageUri';
import type { Datasets } from './datasets';
import { savedPath } from './filePath';
import { RequestProgress, signalOf } from './longRequest';

type Params<M extends keyof Requests> = Requests[M]['params'];

export interface BigFilesDeps {
  readonly connection: Connection;
  readonly datasets: Datasets;
}

/** Indexes kept of files that show no page: of those searched, and of those about to be opened. */
const keptUnopened = 4;

/** Files that are shown by pages. Of each an index is kept while one of its pages is open. */
export class BigFiles {
  readonly #deps: BigFilesDeps;
  readonly #files = new Map<string, PagedFile>();
  /** URIs of the open pages of each file. */
  readonly #pages = new Map<string, Set<string>>();

  constructor(deps: BigFilesDeps) {
    this.#deps = deps;
  }

  /** `cupel/bigFile/open`. */
  async open({ uri, line = 0, workDoneToken }: Params<'cupel/bigFile/open'>, token: CancellationToken): Promise<BigFile> {
    return this.#with({ uri, workDoneToken, title: 'Indexing' }, token, (file) => Promise.resolve(described(file, file.pageOf(line))));
  }

  /** `cupel/bigFile/page`. */
  async page({ uri, firstLine, workDoneToken }: Params<'cupel/bigFile/page'>, token: CancellationToken): Promise<BigFilePage> {
    return this.#with({ uri, workDoneToken, title: 'Indexing' }, token, async (file, { signal }) => {
      const page = await file.page(firstLine, { signal });
      return { ...described(file, page), text: page.text };
    });
  }

  /** `cupel/bigFile/search`. */
  async search({ uri, query, from = 0, workDoneToken }: Params<'cupel/bigFile/search'>, token: CancellationToken): Promise<BigFileHits> {
    return this.#with({ uri, workDoneToken, title: 'Searching' }, token, async (file, { signal, progress }) => {
      const onProgress = (share: number, hits: number) => progress.report(100 * share, `${formatCount(hits)} found`);
      const { hits, next, unsearched } = await searchLines(file, query, { from, signal, onProgress });
      return { hits: hits.map((hit) => ({ ...hit, excerpt: plainLine(hit.excerpt) })), next: next ?? null, unsearched };
    });
  }

  /** A document was opened: when it is a page, its lines get their places in the file. */
  opened(uri: string): void {
    const place = parsePageUri(uri);
    if (!place) return;
    const path = savedPath(uri);
    this.#pages.set(path, (this.#pages.get(path) ?? new Set()).add(uri));
    this.#place(path);
  }

  /** With the last page of a file goes its index. */
  closed(uri: string): void {
    if (!parsePageUri(uri)) return;
    const path = savedPath(uri);
    const pages = this.#pages.get(path);
    if (!pages?.delete(uri) || pages.size > 0) return;
    this.#pages.delete(path);
    this.#files.delete(path);
  }

  /** Works on a file as it is now. */
  async #with<T>(request: { readonly uri: string; readonly workDoneToken: string | undefined; readonly title: string }, token: CancellationToken, work: (file: PagedFile, run: { readonly signal: AbortSignal; readonly progress: RequestProgress }) => Promise<T>): Promise<T> {
    const { signal, dispose } = signalOf(token);
    const progress = new RequestProgress(this.#deps.connection, request.workDoneToken, request.title);
    const options: PagedFileOptions = { signal, onProgress: (bytes, total) => progress.report((100 * bytes) / total, `indexing, ${formatBytes(bytes)} of ${formatBytes(total)}`) };
    try {
      return await work(await this.#file(savedPath(request.uri), options), { signal, progress });
    } finally {
      dispose();
      progress.done();
    }
  }

  async #file(path: string, options: PagedFileOptions): Promise<PagedFile> {
    const known = this.#files.get(path);
    const file = known ?? (await PagedFile.open(path, options));
    if (known && !(await known.refresh(options))) return known;
    this.#files.set(path, file);
    this.#place(path);
    this.#forgetOldest();
    return file;
  }

  #forgetOldest(): void {
    const unopened = [...this.#files.keys()].filter((path) => !this.#pages.has(path));
    for (const path of unopened.slice(0, -keptUnopened)) this.#files.delete(path);
  }

  #place(path: string): void {
    for (const uri of this.#pages.get(path) ?? []) {
      const dataset = this.#deps.datasets.get(uri)?.dataset;
      const place = parsePageUri(uri);
      if (dataset && place) dataset.page = { firstLine: place.firstLine, lines: this.#files.get(path)?.lines ?? place.firstLine + dataset.lineCount };
    }
  }
}

function described({ bytes, lines }: PagedFile, { firstLine, endLine }: { readonly firstLine: number; readonly endLine: number }): BigFile {
  return { bytes, lines, firstLine, endLine };
}
