import type { DidChangeTextDocumentParams, DidOpenTextDocumentParams } from 'vscode-languageserver';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { Engine } from '../engine/engine';
import type { Logger } from '../base/logger';
import { DatasetWork } from './datasetWork';
import { freeMemory, settleMemory } from './freeMemory';
import { OpenDataset, type Presentation } from './openDataset';

export interface DatasetsDeps {
  readonly engine: Engine;
  readonly logger: Logger;
  readonly presentation: () => Presentation;
  readonly onScores: (uri: string) => void;
  readonly onRead: (uri: string) => void;
}

export interface OpenFile {
  readonly dataset: OpenDataset;
  readonly work: DatasetWork;
}

/** The files that are open in the editor. */
export class Datasets implements Disposable {
  readonly #deps: DatasetsDeps;
  readonly #open = new Map<string, OpenFile>();

  constructor(deps: DatasetsDeps) {
    this.#deps = deps;
  }

  get(uri: string): OpenFile | undefined {
    return this.#open.get(uri);
  }

  all(): Iterable<OpenFile> {
    return this.#open.values();
  }

  /** @throws with what to do when the file is not open. */
  require(uri: string): OpenFile {
    const file = this.#open.get(uri);
    if (!file) throw new Error('The file is not open in the editor: open it first.');
    return file;
  }

  open({ textDocument: { uri, version, text } }: DidOpenTextDocumentParams): void {
    this.#open.get(uri)?.work.dispose();
    const { engine, logger, presentation, onScores, onRead } = this.#deps;
    const { length } = text;
    freeMemory(length);
    const dataset = new OpenDataset(uri, version, text, presentation());
    // The message still holds the text until it has been dealt with.
    setImmediate(freeMemory, length);
    const work = new DatasetWork(dataset, { engine, logger, settings: () => presentation().settings, onScores: () => onScores(uri), onRead: () => onRead(uri), onSettled: () => settleMemory(length) });
    this.#open.set(uri, { dataset, work });
  }

  change({ textDocument: { uri, version }, contentChanges }: DidChangeTextDocumentParams): void {
    const file = this.#open.get(uri);
    if (!file) return;
    file.dataset.change(contentChanges, version);
    setImmediate(freeMemory, contentChanges.reduce((length, { text }) => length + text.length, 0));
    file.work.edited();
  }

  close(uri: string): void {
    this.#open.get(uri)?.work.dispose();
    this.#open.delete(uri);
  }

  /** Settings have changed. */
  present(): void {
    for (const { dataset, work } of this.#open.values()) {
      dataset.present(this.#deps.presentation());
      work.start();
    }
  }

  dispose(): void {
    const all = new DisposableStore();
    for (const { work } of this.#open.values()) all.add(work);
    this.#open.clear();
    all.dispose();
  }
}
