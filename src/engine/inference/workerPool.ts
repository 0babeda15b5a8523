import { errorMessage } from '../../base/errorMessage';
import type { Logger } from '../../base/logger';
import type { LengthMeasurement } from '../../core/scores/catalogue';
import type { RewardExplanation, ScorerFacts } from '../../core/scores/scorer';
import type { ScoreItem } from '../engine';
import type { TokenLosses } from '../../core/scores/tokenLosses';
import type { CheckpointModel, LossModel, ScoredBatch, ScoreTask, WorkerModels } from './scoringMessages';
import { type Answer, type Question, ScoringWorker, WorkerCrash } from './scoringWorker';

export interface WorkerPoolOptions {
  /** The bundled worker script. */
  readonly workerPath: string;
  readonly modelsDir: string;
  /** Workers at most; each starts when it is first needed. */
  readonly size: number;
  readonly logger: Logger;
  /** Milliseconds without a question after which a worker ends: its vocabulary and models take far more memory than starting it again takes time. */
  readonly idleMs?: number;
}

/** With what a batch is measured. */
export interface Measuring {
  readonly models: WorkerModels;
  /** For the lengths of the responses, where they are wanted. */
  readonly tokenizer: string | undefined;
}

const defaultIdleMs = 60_000;

/** Scoring workers: a question goes to the one with the fewest open; one that stops is replaced. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #workers = new Set<ScoringWorker>();
  /** Those that repeat a question whose worker stopped; nothing else is asked of them. */
  readonly #repeating = new Set<ScoringWorker>();
  #size: number;
  #idle: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#size = options.size;
  }

  get size(): number {
    return this.#size;
  }

  /** Workers that hold memory now. */
  get running(): number {
    return this.#workers.size + this.#repeating.size;
  }

  /** Workers above a smaller size end when they are idle. */
  resize(size: number): void {
    this.#size = size;
  }

  /**
   * Measures a batch. When a worker stops in the middle of it the batch is tried once more, in a worker of its own;
   * when that one stops too, its tasks are `failed` with the reason. Rejects when no worker can start or the scorers
   * cannot be loaded. An abort resolves early with what was measured.
   */
  async score(tasks: readonly ScoreTask[], { models, tokenizer }: Measuring, signal?: AbortSignal): Promise<ScoredBatch> {
    const question: Question = { kind: 'score', tasks, models, ...(tokenizer === undefined ? {} : { tokenizer }) };
    try {
      return await this.#retried(question, (answer) => (answer.kind === 'scored' ? answer.batch : undefined), signal);
    } catch (error) {
      if (!(error instanceof WorkerCrash) || error.neverStarted) throw error;
      return { measured: [], failed: tasks.map(({ key }) => ({ key, reason: error.message })) };
    }
  }

  measureLength(text: string, tokenizer: string): Promise<LengthMeasurement> {
    return this.#retried({ kind: 'length', text, tokenizer }, (answer) => (answer.kind === 'length' ? answer.length : undefined));
  }

  tokenLosses(item: ScoreItem, model: LossModel & CheckpointModel, signal?: AbortSignal): Promise<TokenLosses> {
    return this.#retried({ kind: 'tokens', item, model }, (answer) => (answer.kind === 'tokens' ? answer.tokens : undefined), signal);
  }

  /** Loads models ahead of their first batch; rejects with the reason when one cannot be loaded. */
  async load(models: WorkerModels, signal?: AbortSignal): Promise<void> {
    await this.#retried({ kind: 'load', models }, (answer) => (answer.kind === 'loaded' ? true : undefined), signal);
  }

  explainReward(item: ScoreItem): Promise<RewardExplanation> {
    return this.#retried({ kind: 'explain', item }, (answer) => (answer.kind === 'explained' ? answer.explanation : undefined));
  }

  scorers(): Promise<ScorerFacts> {
    return this.#retried({ kind: 'scorers' }, (answer) => (answer.kind === 'scorers' ? answer.scorers : undefined));
  }

  /** Open questions reject. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    clearTimeout(this.#idle);
    const workers = [...this.#workers, ...this.#repeating];
    this.#workers.clear();
    this.#repeating.clear();
    await Promise.all(workers.map((worker) => worker.dispose()));
  }

  async #retried<T>(question: Question, read: (answer: Answer) => T | undefined, signal?: AbortSignal): Promise<T> {
    let answer: Answer;
    try {
      answer = await this.#shared().ask(question, signal);
    } catch (error) {
      if (!(error instanceof WorkerCrash) || this.#disposed) throw error;
      answer = await this.#alone(question, signal);
    }
    this.#shrink(this.#size);
    this.#endWhenIdle();
    const value = read(answer);
    if (value === undefined) throw new Error(`The scoring worker answered "${answer.kind}" to "${question.kind}".`);
    return value;
  }

  /** In a worker of its own: what made the last one stop may be another question's doing, or this one's. */
  async #alone(question: Question, signal: AbortSignal | undefined): Promise<Answer> {
    const worker = this.#start(this.#repeating);
    try {
      return await worker.ask(question, signal);
    } finally {
      this.#repeating.delete(worker);
      await worker.dispose();
    }
  }

  #shared(): ScoringWorker {
    if (this.#disposed) throw new Error('The engine is shut down.');
    let best: ScoringWorker | undefined;
    for (const worker of this.#workers) {
      if (best === undefined || worker.load < best.load) best = worker;
    }
    if (best !== undefined && (best.load === 0 || this.#workers.size >= this.#size)) return best;
    return this.#start(this.#workers);
  }

  #start(owners: Set<ScoringWorker>): ScoringWorker {
    const { workerPath, modelsDir, logger } = this.#options;
    const worker = new ScoringWorker(workerPath, modelsDir, (stopped, why) => {
      if (owners.delete(stopped)) logger.error('A scoring worker stopped', { reason: errorMessage(why) });
    });
    owners.add(worker);
    return worker;
  }

  #endWhenIdle(): void {
    if (this.#disposed) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#shrink(0), this.#options.idleMs ?? defaultIdleMs).unref();
  }

  #shrink(size: number): void {
    for (const worker of this.#workers) {
      if (this.#workers.size <= size) return;
      if (worker.load > 0) continue;
      this.#workers.delete(worker);
      worker.dispose().catch((error: unknown) => this.#options.logger.warn('A scoring worker did not end', { reason: errorMessage(error) }));
    }
  }
}
