import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { Disposable } from '../base/disposable';
import { errorMessage } from '../base/errorMessage';
import type { Logger } from '../base/logger';
import type { Measurement } from '../core/scores/catalogue';
import type { Engine, ScoreItem } from '../engine/engine';
import { scoreItem } from '../engine/operations/scoreItem';
import type { Settings } from '../protocol/settings';
import type { LineHandle } from './datasetLines';
import { Later } from './later';
import type { OpenDataset } from './openDataset';
import { Pauses } from './pauses';
import type { LineRange } from './upcoming';

export interface DatasetWorkDeps {
  readonly engine: Engine;
  readonly logger: Logger;
  readonly settings: () => Settings;
  /** Something that badges or cards show has changed. */
  readonly onScores: () => void;
  /** More lines have been read, or other ones count as duplicates. */
  readonly onRead: () => void;
  /** The whole file has been read and measured for the first time. */
  readonly onSettled: () => void;
}

/** Lines looked up and measured at once; the first screen comes before all else. */
const batchSize = 500;
/** Edits are read and measured after this pause. */
const settleMs = 250;

/**
 * What happens to an open file while nobody asks: its lines are read, what is stored about them is looked up, lengths
 * are measured. Nothing else runs before the person wants it.
 */
export class DatasetWork implements Disposable {
  readonly #dataset: OpenDataset;
  readonly #deps: DatasetWorkDeps;
  readonly #closed = new AbortController();
  /** Short, because a request waits for some of them. */
  readonly #pauses = new Pauses(1);
  readonly #settled: Later;
  /** The lines on the screen that were looked through last. */
  #looked: LineRange | undefined;
  #filling = false;
  #reading: Promise<void> | undefined;
  #fillAgain = false;
  #describing = false;
  #hasSettled = false;

  constructor(dataset: OpenDataset, deps: DatasetWorkDeps) {
    this.#dataset = dataset;
    this.#deps = deps;
    this.#settled = new Later(settleMs, () => this.start());
    this.start();
  }

  /** Aborted when the file is closed. */
  get signal(): AbortSignal {
    return this.#closed.signal;
  }

  /** Resolves when every line has been read; rejects when the file is closed before that. */
  readAll(): Promise<void> {
    return (this.#reading ??= this.#readLines().finally(() => {
      this.#reading = undefined;
    }));
  }

  /** Works through what has not been read or asked for yet. */
  start(): void {
    this.#fillAgain = true;
    if (!this.#filling) void this.#fillRepeatedly();
  }

  edited(): void {
    this.#settled.wish();
  }

  /** Takes in scores that a run has made, unless the models have changed since it began: scales never mix. */
  learn(batch: readonly Measurement[], basis: string): void {
    if (basis !== this.#dataset.basis) return;
    this.#dataset.learn(batch);
    this.#deps.onScores();
    if (!this.#dataset.scorers && batch.some(({ loss, reward }) => loss ?? reward)) void this.#describeScorers();
  }

  dispose(): void {
    this.#settled.dispose();
    // Nobody waits for the answer any more: that is no failure.
    this.#closed.abort(new ResponseError(LSPErrorCodes.RequestCancelled, 'The file was closed.'));
  }

  async #fillRepeatedly(): Promise<void> {
    this.#filling = true;
    try {
      while (this.#fillAgain) {
        this.#fillAgain = false;
        await this.#measure(await this.#nextBatch(() => this.#dataset.lines.unasked.among(this.#dataset.visible)));
        await this.readAll();
        await this.#measureAll();
      }
      this.#settle();
    } catch (error) {
      if (this.signal.aborted) return;
      this.#deps.logger.error('An open file could not be measured', { reason: errorMessage(error) });
    } finally {
      this.#filling = false;
    }
  }

  #settle(): void {
    if (this.#hasSettled) return;
    this.#hasSettled = true;
    this.#deps.onSettled();
  }

  async #readLines(): Promise<void> {
    const { lines } = this.#dataset;
    for (;;) {
      const line = this.#shown(lines.unread) ?? lines.unread.next();
      if (!line) break;
      this.#dataset.read(line);
      await this.#pauses.breathe(this.signal);
    }
    this.#deps.onRead();
  }

  /** A line on the screen, when the screen has moved since all that are on it were found read. */
  #shown(lines: OpenDataset['lines']['unread']): LineHandle | undefined {
    const { visible } = this.#dataset;
    if (visible === this.#looked) return undefined;
    const line = lines.among(visible);
    if (!line) this.#looked = visible;
    return line;
  }

  async #measureAll(): Promise<void> {
    const { lines } = this.#dataset;
    for (;;) {
      const shown = await this.#nextBatch(() => lines.unasked.among(this.#dataset.visible));
      const batch = shown.length > 0 ? shown : await this.#nextBatch(() => lines.unasked.next());
      if (batch.length === 0) return;
      await this.#measure(batch);
    }
  }

  /** The next exchanges nobody has asked about; reads the lines that it passes. */
  async #nextBatch(next: () => LineHandle | undefined): Promise<ScoreItem[]> {
    const items: ScoreItem[] = [];
    while (items.length < batchSize) {
      const line = next();
      if (!line) break;
      const parsed = this.#dataset.read(line);
      this.#dataset.lines.ask(line);
      const exchange = parsed.status === 'ok' ? parsed.record.exchanges[0] : undefined;
      if (exchange) items.push(scoreItem(exchange, this.#dataset.lines.exchangeKey(line)));
      await this.#pauses.breathe(this.signal);
    }
    return items;
  }

  async #measure(items: readonly ScoreItem[]): Promise<void> {
    const { engine } = this.#deps;
    const { signal } = this;
    if (items.length === 0) return;
    const { basis } = this.#dataset;
    this.learn(await this.#stored(items), basis);
    if (basis !== this.#dataset.basis) return;
    const tokenizer = this.#deps.settings().tokenizer;
    const missing = items.filter(({ key }) => this.#dataset.tokenizerOf(key) !== tokenizer);
    if (missing.length > 0) await engine.score({ items: missing, metrics: new Set(['length']), signal, onMeasured: (batch) => this.learn(batch, basis) });
  }

  /** Nothing when the store cannot be read: lengths are shown all the same. */
  async #stored(items: readonly ScoreItem[]): Promise<readonly Measurement[]> {
    try {
      return [...(await this.#deps.engine.lookUp(items.map(({ key }) => key), this.signal)).values()];
    } catch (error) {
      this.signal.throwIfAborted();
      this.#deps.logger.error('Stored scores could not be looked up', { reason: errorMessage(error) });
      return [];
    }
  }

  async #describeScorers(): Promise<void> {
    if (this.#describing) return;
    this.#describing = true;
    try {
      let basis: string | undefined;
      while (basis !== this.#dataset.basis) {
        basis = this.#dataset.basis;
        const facts = await this.#deps.engine.scorers();
        if (basis === this.#dataset.basis) this.#dataset.scorers = facts;
      }
    } catch (error) {
      if (!this.signal.aborted) this.#deps.logger.error('The scorers could not be described', { reason: errorMessage(error) });
    } finally {
      this.#describing = false;
    }
  }
}
