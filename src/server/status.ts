import type { Connection } from 'vscode-languageserver';
import type { Disposable } from '../base/disposable';
import { errorMessage } from '../base/errorMessage';
import type { Logger } from '../base/logger';
import type { Engine } from '../engine/engine';
import type { FileStatus } from '../protocol/lsp';
import type { Datasets } from './datasets';
import { filePath } from './filePath';
import { findOpen } from './findRecord';
import { Later } from './later';
import type { OpenDataset } from './openDataset';

export interface StatusDeps {
  readonly connection: Connection;
  readonly engine: Engine;
  readonly datasets: Datasets;
  readonly logger: Logger;
}

/** Tells the editor how each open file stands: whole pictures, a few a second at most. */
export class StatusPublisher implements Disposable {
  readonly #deps: StatusDeps;
  readonly #changed = new Set<string>();
  readonly #later = new Later(200, () => this.#publish());
  readonly #uncounted = new Set<string>();
  readonly #count = new Later(200, () => void this.#countProposals());
  readonly #pending = new Map<string, number>();

  constructor(deps: StatusDeps) {
    this.#deps = deps;
  }

  changed(uri: string): void {
    this.#changed.add(uri);
    this.#later.wish();
  }

  /** What waits for review in a file is counted anew, once for many proposals. */
  proposalsChanged(file: string): void {
    this.#uncounted.add(file);
    this.#count.wish();
  }

  async #countProposals(): Promise<void> {
    const files = [...this.#uncounted];
    this.#uncounted.clear();
    for (const file of files) await this.#countIn(file);
  }

  async #countIn(file: string): Promise<void> {
    const { engine, datasets, logger } = this.#deps;
    const uri = findOpen(datasets, file)?.dataset.uri;
    if (uri === undefined) return;
    try {
      const proposals = await engine.proposals(file);
      this.#pending.set(uri, proposals.filter(({ status }) => status === 'pending').length);
      this.changed(uri);
    } catch (error) {
      logger.warn('Proposals could not be counted', { reason: errorMessage(error) });
    }
  }

  opened(uri: string): void {
    this.#uncounted.add(filePath(uri));
    this.#count.now();
  }

  closed(uri: string): void {
    this.#pending.delete(uri);
    this.#changed.delete(uri);
  }

  dispose(): void {
    this.#later.dispose();
    this.#count.dispose();
  }

  #publish(): void {
    const { connection, datasets, logger } = this.#deps;
    for (const uri of this.#changed) {
      const dataset = datasets.get(uri)?.dataset;
      if (!dataset) continue;
      connection.sendNotification('cupel/status', statusOf(dataset, this.#pending.get(uri) ?? 0)).catch((error: unknown) => logger.warn('A status could not be sent', { reason: errorMessage(error) }));
    }
    this.#changed.clear();
  }
}

function statusOf(dataset: OpenDataset, pendingProposals: number): FileStatus {
  return {
    uri: dataset.uri,
    records: dataset.recordCount,
    invalid: dataset.invalidCount,
    scored: dataset.scoredCount,
    unanswered: dataset.lines.unanswered,
    shapes: [...dataset.shapes].map(([shape, records]) => ({ shape, records })).sort((a, b) => b.records - a.records || (a.shape < b.shape ? -1 : 1)),
    pendingProposals,
    ...(dataset.running && { running: dataset.running }),
  };
}
