import {
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type Connection,
  type DefinitionParams,
  type FoldingRange,
  type Location,
  type LocationLink,
  type ReferenceParams,
  type SelectionRange,
  type SelectionRangeParams,
  type WorkspaceSymbol,
} from 'vscode-languageserver';
import { parseLine } from '../core/record/parseRecord';
import type { Disposable } from '../base/disposable';
import { definition } from '../languageService/definition';
import { recordLocation } from '../languageService/references';
import { selectionRange } from '../languageService/selectionRanges';
import { SymbolSearch } from '../languageService/workspaceSymbols';
import type { Requests } from '../protocol/lsp';
import type { Datasets, OpenFile } from './datasets';
import { RequestProgress, responseError, signalOf } from './longRequest';
import type { OpenDataset } from './openDataset';
import { Pauses } from './pauses';
import { RecordClusters } from './recordClusters';

export interface NavigationDeps {
  readonly connection: Connection;
  readonly datasets: Datasets;
  /** The editor understands links that say what to underline. */
  readonly definitionLinks: boolean;
}

/** The standard requests that lead from place to place. */
export class Navigation implements Disposable {
  readonly #deps: NavigationDeps;
  readonly #clusters = new RecordClusters();

  constructor(deps: NavigationDeps) {
    this.#deps = deps;
  }

  /** Waits until every line has been read. */
  async definition({ textDocument: { uri }, position }: DefinitionParams, token: CancellationToken): Promise<LocationLink[] | Location | null> {
    const file = this.#deps.datasets.get(uri);
    if (!file) return null;
    const { version } = file.dataset;
    await file.work.readAll();
    assertWanted(token);
    assertVersion(file, version);
    const link = definition(file.dataset, position);
    if (!link) return null;
    return this.#deps.definitionLinks ? [link] : { uri: link.targetUri, range: link.targetSelectionRange };
  }

  /** The record's cluster in the order of the file; nothing where the record stands alone. */
  async references({ textDocument: { uri }, position, context, workDoneToken }: ReferenceParams, token: CancellationToken): Promise<Location[] | null> {
    const file = this.#deps.datasets.get(uri);
    const cluster = file && (await this.#cluster(file, position.line, token, typeof workDoneToken === 'string' ? workDoneToken : undefined));
    if (!cluster || cluster.members.length < 2) return null;
    const lines = cluster.members.map(({ line }) => line).sort((a, b) => a - b);
    const pauses = new Pauses();
    const locations: Location[] = [];
    // The first occurrence is what others call the declaration.
    for (const line of context.includeDeclaration ? lines : lines.slice(1)) {
      locations.push(recordLocation(file.dataset, line));
      await pauses.breathe();
      assertWanted(token);
      assertVersion(file, cluster.version);
    }
    return locations;
  }

  /** @throws with what to do when the file is not open, or its text changes meanwhile. */
  cluster({ uri, line, workDoneToken }: Requests['cupel/cluster']['params'], token: CancellationToken): Promise<Requests['cupel/cluster']['result']> {
    return this.#cluster(this.#deps.datasets.require(uri), line, token, workDoneToken);
  }

  selectionRanges({ textDocument: { uri }, positions }: SelectionRangeParams): SelectionRange[] | null {
    const dataset = this.#deps.datasets.get(uri)?.dataset;
    return dataset ? positions.map((position) => selectionRange(dataset, position)) : null;
  }

  /** Searches the open files; their lines that have been read so far. */
  async workspaceSymbols(query: string, token: CancellationToken): Promise<WorkspaceSymbol[]> {
    const search = new SymbolSearch(query);
    await this.#eachLine(token, (dataset, line) => {
      search.look(dataset, line);
      return !search.full;
    });
    if (!search.hungry) return search.results();
    await this.#eachLine(token, (dataset, line) => {
      search.lookDeeper(dataset, line, (there) => parseLine(dataset.lineText(there)));
      return search.hungry;
    });
    return search.results();
  }

  /** None: without an answer editors fold by indentation, and a record is one line. */
  foldingRanges(): FoldingRange[] {
    return [];
  }

  dispose(): void {
    this.#clusters.dispose();
  }

  async #cluster(file: OpenFile, line: number, token: CancellationToken, workDoneToken: string | undefined): Promise<Requests['cupel/cluster']['result']> {
    const { signal, dispose } = signalOf(token, file.work.signal);
    const progress = new RequestProgress(this.#deps.connection, workDoneToken, 'Looking for near-duplicates');
    try {
      return await this.#clusters.find(file, line, { signal, onProgress: (percent, message) => progress.report(percent, message) });
    } catch (error) {
      throw responseError(error, token);
    } finally {
      dispose();
      progress.done();
    }
  }

  /** Passes over the lines of all open files in slices, until `visit` has had enough. */
  async #eachLine(token: CancellationToken, visit: (dataset: OpenDataset, line: number) => boolean): Promise<void> {
    const pauses = new Pauses();
    for (const { dataset } of this.#deps.datasets.all()) {
      for (let line = 0; line < dataset.lineCount; line++) {
        if (!visit(dataset, line)) return;
        await pauses.breathe();
        assertWanted(token);
      }
    }
  }
}

function assertWanted(token: CancellationToken): void {
  if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
}

function assertVersion({ dataset }: OpenFile, version: number): void {
  if (dataset.version !== version) throw new ResponseError(LSPErrorCodes.ContentModified, 'The text has changed meanwhile: ask again.');
}
