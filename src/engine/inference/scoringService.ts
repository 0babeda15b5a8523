import { errorMessage } from '../../base/errorMessage';
import type { LossMeasurement, Measurement, RewardMeasurement } from '../../core/scores/catalogue';
import { measureLength } from '../../core/scores/length';
import type { TokenLosses } from '../../core/scores/tokenLosses';
import type { ScoreItem } from '../engine';
import { loadCheckpointLoss, type CheckpointLoss } from './checkpoints/checkpointLoss';
import { loadCheckpointReward, type CheckpointReward } from './checkpoints/checkpointReward';
import { type EmbeddedScorer, loadEmbedded } from './embedded/embeddedScorer';
import { ModelShelf } from './modelShelf';
import type { LossModel, RewardModel, ScoredBatch, ScoreTask, WorkerModels, WorkerReply, WorkerRequest } from './scoringMessages';
import { loadTokenizer, type Tokenizer } from './tokenizer';

/** Milliseconds of scoring after which other requests get a turn. */
const turn = 8;

type Scored = Extract<WorkerRequest, { readonly kind: 'score' }>;

/** What measures the tasks of one batch. */
interface Instruments {
  readonly tokenizer?: Tokenizer;
  readonly loss?: { measureLoss(item: ScoreItem): LossMeasurement | Promise<LossMeasurement> };
  readonly reward?: { measureReward(item: ScoreItem): RewardMeasurement | Promise<RewardMeasurement> };
}

/** What runs inside a worker: answers requests, several at a time, so that a short question need not wait for a batch. */
export class ScoringService {
  readonly #modelsDir: string;
  readonly #cancelled = new Set<number>();
  readonly #running = new Set<number>();
  readonly #losses = new ModelShelf<CheckpointLoss>();
  readonly #rewards = new ModelShelf<CheckpointReward>();
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
        return { id, kind: 'scored', batch: await this.#score(request) };
      case 'length':
        return { id, kind: 'length', length: measureLength(request.text, await loadTokenizer(request.tokenizer)) };
      case 'tokens':
        return { id, kind: 'tokens', tokens: await this.#tokens(request) };
      case 'load':
        await this.#withModels(request.models, () => Promise.resolve());
        return { id, kind: 'loaded' };
      case 'explain':
        return { id, kind: 'explained', explanation: (await this.#embedded()).explainReward(request.item) };
      case 'scorers': {
        const { lossFact, rewardFact } = await this.#embedded();
        return { id, kind: 'scorers', scorers: { loss: lossFact, reward: rewardFact } };
      }
    }
  }

  async #score({ id, tasks, models, tokenizer }: Scored): Promise<ScoredBatch> {
    const counting = tokenizer === undefined ? {} : { tokenizer: await loadTokenizer(tokenizer) };
    return this.#withModels(models, (instruments) => this.#measureAll(id, tasks, { ...counting, ...instruments }));
  }

  async #measureAll(id: number, tasks: readonly ScoreTask[], instruments: Instruments): Promise<ScoredBatch> {
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
        measured.push(await measure(task, instruments));
      } catch (error) {
        failed.push({ key: task.key, reason: errorMessage(error) });
      }
    }
    return { measured, failed };
  }

  #tokens({ item, model }: Extract<WorkerRequest, { readonly kind: 'tokens' }>): Promise<TokenLosses> {
    return this.#losses.use(JSON.stringify(model), () => loadCheckpointLoss(model.folder, model), (loss) => loss.tokenLosses(item));
  }

  #withModels<R>({ loss, reward }: WorkerModels, work: (instruments: Instruments) => Promise<R>): Promise<R> {
    return this.#withLoss(loss, (lossPart) => this.#withReward(reward, (rewardPart) => work({ ...lossPart, ...rewardPart })));
  }

  async #withLoss<R>(model: LossModel | undefined, work: (instruments: Pick<Instruments, 'loss'>) => Promise<R>): Promise<R> {
    if (model === undefined) return work({});
    if (model.kind === 'embedded') return work({ loss: await this.#embedded() });
    return this.#losses.use(JSON.stringify(model), () => loadCheckpointLoss(model.folder, model), (loss) => work({ loss }));
  }

  async #withReward<R>(model: RewardModel | undefined, work: (instruments: Pick<Instruments, 'reward'>) => Promise<R>): Promise<R> {
    if (model === undefined) return work({});
    if (model.kind === 'embedded') return work({ reward: await this.#embedded() });
    return this.#rewards.use(JSON.stringify(model), () => loadCheckpointReward(model.folder, model), (reward) => work({ reward }));
  }

  #embedded(): Promise<EmbeddedScorer> {
    return (this.#scorer ??= loadEmbedded(this.#modelsDir).catch((error: unknown) => {
      this.#scorer = undefined;
      throw error;
    }));
  }
}

async function measure(task: ScoreTask, { tokenizer, loss, reward }: Instruments): Promise<Measurement> {
  return {
    key: task.key,
    ...(tokenizer === undefined ? {} : { length: measureLength(task.response, tokenizer) }),
    ...(loss !== undefined && task.loss ? { loss: await loss.measureLoss(task) } : {}),
    ...(reward !== undefined && task.reward ? { reward: await reward.measureReward(task) } : {}),
  };
}
