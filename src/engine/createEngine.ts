import type { Measurement } from '../core/scores/catalogue';
import { metrics } from '../core/scores/catalogue';
import type { ScorerFact, ScorerFacts } from '../core/scores/scorer';
import { parseLossModel, tinyModel } from '../core/scores/scorerSpec';
import type { TokenLosses } from '../core/scores/tokenLosses';
import type { Engine, EngineConfig, EnginePorts, ScoreItem, ScorerKind, ScoreRun } from './engine';
import { downloadModel, planDownload, type DownloadOptions, type DownloadPlan } from './hub/download';
import { localTokenizer } from './hub/localTokenizer';
import { Scorers, type LossScorer, type RewardScorer } from './inference/scorers';
import { runScoring } from './inference/scoringRun';
import { WorkerPool } from './inference/workerPool';
import { realBackoff } from './jobs/retry';
import { createProposalService } from './proposals/proposalService';
import { ScoreStore } from './store/scoreStore';

/** Wires the engine. Nothing starts before it is asked for: no thread, no database, no vocabulary, no folder. */
export function createEngine(ports: EnginePorts, initial: EngineConfig): Engine {
  const { storageDir, modelsDir, workerPath, workingDir, logger, now, apiKey, serverKey } = ports;
  let config = initial;
  let disposed: Promise<void> | undefined;
  const shutdown = new AbortController();
  const running = new Set<Promise<unknown>>();

  const store = new ScoreStore(storageDir, logger);
  const pool = new WorkerPool({ workerPath, modelsDir, size: 1, logger });
  const scorers = new Scorers({ modelsDir, workingDir, logger, now, apiKey, serverKey, backoff: realBackoff, localTokenizer: (model) => localTokenizer(model, { modelsDir, workingDir }) });
  const hub = { logger, backoff: realBackoff };
  let embedded: Promise<ScorerFacts> | undefined;

  /** Runs work that `dispose` ends and waits for. */
  const track = async <T>(signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    shutdown.signal.throwIfAborted();
    const promise = work(signal === undefined ? shutdown.signal : AbortSignal.any([signal, shutdown.signal]));
    running.add(promise);
    try {
      return await promise;
    } finally {
      running.delete(promise);
    }
  };

  const embeddedFacts = (): Promise<ScorerFacts> =>
    (embedded ??= pool.scorers().catch((error: unknown) => {
      embedded = undefined;
      throw error;
    }));

  const factOf = async (from: EngineConfig, kind: ScorerKind): Promise<ScorerFact> => {
    const { id, place, ...scorer } = await scorers[kind](from);
    if (place === 'worker' && 'model' in scorer && scorer.model.kind === 'embedded') return (await embeddedFacts())[kind];
    return (await scorers.checkpointFact(from, kind)) ?? { id, estimate: false };
  };

  const lookUp = async (keys: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Measurement>> => {
    // One scorer that cannot be found does not hide what the other has said.
    const [loss, reward] = await Promise.allSettled([scorers.loss(config), scorers.reward(config)]);
    if (loss.status === 'rejected' && reward.status === 'rejected') throw loss.reason;
    return store.lookUp(keys, { loss: valueOf(loss)?.id, reward: valueOf(reward)?.id }, signal);
  };

  const score = (run: ScoreRun) => {
    const mine = config;
    return track(run.signal, async (signal) => {
      pool.resize(await scorers.workers(mine, run.metrics));
      return runScoring({ ...run, signal }, { store, pool, tokenizer: mine.tokenizer, loss: () => scorers.loss(mine), reward: () => scorers.reward(mine) });
    });
  };

  const scoreAll = async (items: readonly ScoreItem[], signal?: AbortSignal): Promise<ReadonlyMap<string, Measurement>> => {
    const found = new Map<string, Measurement>();
    const onMeasured = (batch: readonly Measurement[]) => {
      for (const measurement of batch) found.set(measurement.key, measurement);
    };
    await score({ items, metrics: new Set(metrics), onMeasured, ...(signal === undefined ? {} : { signal }) });
    return found;
  };

  const tokenLosses = async (item: ScoreItem, signal: AbortSignal): Promise<TokenLosses> => {
    const model = parseLossModel(config.lossModel).kind === 'embedded' ? tinyModel : config.lossModel;
    const scorer = await scorers.loss({ ...config, lossModel: model });
    if (scorer.place === 'worker' && scorer.model.kind === 'checkpoint') return pool.tokenLosses(item, scorer.model, signal);
    const remote = scorer.place === 'remote' ? scorer.remote.tokenLosses : undefined;
    if (remote === undefined) throw new Error(`${scorer.id} tells no surprise of single tokens.`);
    return remote(item, signal);
  };

  const withModel = (kind: ScorerKind, model: string): EngineConfig => ({ ...config, [kind === 'loss' ? 'lossModel' : 'rewardModel']: model });

  const checkScorer = async (kind: ScorerKind, model: string, signal: AbortSignal): Promise<ScorerFact> => {
    const tried = withModel(kind, model);
    const scorer: LossScorer | RewardScorer = await scorers[kind](tried);
    if (scorer.place === 'remote') return { id: scorer.id, estimate: false, detail: await scorer.remote.probe(signal) };
    await pool.load({ [kind]: scorer.model }, signal);
    return factOf(tried, kind);
  };

  const proposals = createProposalService({ storageDir, logger, now, apiKey, teachers: () => config.teachers, score: scoreAll });

  const shutDown = async () => {
    shutdown.abort(new Error('Cupel is shutting down.'));
    await Promise.allSettled(running);
    const parts = await Promise.allSettled([proposals.dispose(), pool.dispose(), store.dispose()]);
    for (const part of parts) if (part.status === 'rejected') throw part.reason;
  };

  return Object.freeze({
    get config() {
      return config;
    },
    configure: (next: EngineConfig) => {
      config = next;
    },
    measureLength: (text: string) => pool.measureLength(text, config.tokenizer),
    lookUp: (keys: readonly string[], signal?: AbortSignal) => track(signal, (own) => lookUp(keys, own)),
    score,
    explainReward: async (item: ScoreItem) => (config.rewardModel === 'embedded' ? pool.explainReward(item) : undefined),
    tokenLosses: (item: ScoreItem, signal?: AbortSignal) => track(signal, (own) => tokenLosses(item, own)),
    scorers: async () => {
      const mine = config;
      const [loss, reward] = await Promise.all([factOf(mine, 'loss'), factOf(mine, 'reward')]);
      return { loss, reward };
    },
    describeScorer: (kind: ScorerKind, model: string) => factOf(withModel(kind, model), kind),
    checkScorer: (kind: ScorerKind, model: string, signal?: AbortSignal) => track(signal, (own) => checkScorer(kind, model, own)),
    foundModels: () => scorers.found(),
    planDownload: (name: string, signal?: AbortSignal) => track(signal, (own) => planDownload(name, hub, own)),
    downloadModel: (plan: DownloadPlan, options: DownloadOptions) => track(options.signal, (own) => downloadModel(plan, hub, { ...options, signal: own })),
    propose: proposals.propose.bind(proposals),
    proposals: proposals.proposals.bind(proposals),
    resolveProposal: proposals.resolveProposal.bind(proposals),
    checkTeacher: proposals.checkTeacher.bind(proposals),
    dispose: () => (disposed ??= shutDown()),
  } satisfies Engine);
}

function valueOf<T>(settled: PromiseSettledResult<T>): T | undefined {
  return settled.status === 'fulfilled' ? settled.value : undefined;
}
