import { errorMessage } from '../../base/errorMessage';
import { measureLength } from '../../core/scores/length';
import type { Measurement } from '../../core/scores/catalogue';
import { type EmbeddedScorer, loadEmbedded } from './embedded/embeddedScorer';
import type { ScoredBatch, ScoreTask, WorkerReply, WorkerRequest } from './scoringMessages';
import { loadTokenizer, type Tokenizer } from './tokenizer';

/** Milliseconds of scoring after which other requests get a turn. */
const turn = 8;

/** What runs inside a worker: answers requests, several at a time, so that a short question need not wait for a batch. */
export class ScoringService {
  readonly #modelsDir: string;
  readonly #cancelled = new Set<number>();
  readonly #running = new Set<number>();
  #scorer: Promise<EmbeddedScorer> | undefined;

  constructor(modelsDir: string) {
    this.#modelsDir = modelsDir;
  }

  /** Undefined for a request that wants no answer of its own. Never rejects. */
  async answer(request: WorkerRequest): Promise<WorkerReply | undefined> {
    if (request.kind === 'cancel') {
      if (this.#running.has(request.id)) this.#cancelled.add(request.id);
      return undefined;
    }
    this.#running.add(request.id);
    try {
      return await this.#reply(request);
    } catch (error) {
      return { id: request.id, kind: 'failed', reason: errorMessage(error) };
    } finally {
      this.#running.delete(request.id);
      this.#cancelled.delete(request.id);
    }
  }

  async #reply(request: Exclude<WorkerRequest, { readonly kind: 'cancel' }>): Promise<WorkerReply> {
    const { id } = request;
    switch (request.kind) {
      case 'score':
        return { id, kind: 'scored', batch: await this.#score(id, request.tasks, request.tokenizer) };
      case 'length':
        return { id, kind: 'length', length: measureLength(request.text, await loadTokenizer(request.tokenizer)) };
      case 'explain':
        return { id, kind: 'explained', explanation: (await this.#embedded()).explainReward(request.item) };
      case 'scorers': {
        const { lossFact, rewardFact } = await this.#embedded();
        return { id, kind: 'scorers', scorers: { loss: lossFact, reward: rewardFact } };
      }
    }
  }

  async #score(id: number, tasks: readonly ScoreTask[], tokenizerName: string | undefined): Promise<ScoredBatch> {
    const tokenizer = tokenizerName === undefined ? undefined : await loadTokenizer(tokenizerName);
    const scorer = tasks.some((task) => task.loss || task.reward) ? await this.#embedded() : undefined;
    const measured: Measurement[] = [];
    const failed: { key: string; reason: string }[] = [];
    let turnEnds = performance.now() + turn;
    for (const task of tasks) {
      if (performance.now() > turnEnds) {
        await new Promise(setImmediate);
        turnEnds = performance.now() + turn;
      }
      if (this.#cancelled.has(id)) break;
      try {
        measured.push(measure(task, scorer, tokenizer));
      } catch (error) {
        failed.push({ key: task.key, reason: errorMessage(error) });
      }
    }
    return { measured, failed };
  }

  #embedded(): Promise<EmbeddedScorer> {
    return (this.#scorer ??= loadEmbedded(this.#modelsDir).catch((error: unknown) => {
      this.#scorer = undefined;
      throw error;
    }));
  }
}

function measure(task: ScoreTask, scorer: EmbeddedScorer | undefined, tokenizer: Tokenizer | undefined): Measurement {
  return {
    key: task.key,
    ...(tokenizer === undefined ? {} : { length: measureLength(task.response, tokenizer) }),
    ...(scorer !== undefined && task.loss ? { loss: scorer.measureLoss(task) } : {}),
    ...(scorer !== undefined && task.reward ? { reward: scorer.measureReward(task) } : {}),
  };
}
