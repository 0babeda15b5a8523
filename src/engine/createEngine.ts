import type { Measurement } from '../core/scores/catalogue';
import { metrics } from '../core/scores/catalogue';
import type { ScorerFacts } from '../core/scores/scorer';
import type { Engine, EngineConfig, EnginePorts, ScoreItem, ScorerIds, ScoreRun } from './engine';
import { embeddedId } from './inference/embedded/embeddedId';
import { runScoring } from './inference/scoringRun';
import { WorkerPool } from './inference/workerPool';
import { createProposalService } from './proposals/proposalService';
import { ScoreStore } from './store/scoreStore';

/** Wires the engine. Nothing starts before it is asked for: no thread, no database, no vocabulary, no folder. */
export function createEngine(ports: EnginePorts, initial: EngineConfig): Engine {
  const { storageDir, modelsDir, workerPath, logger, now, apiKey } = ports;
  let config = initial;
  let disposed: Promise<void> | undefined;
  const shutdown = new AbortController();
  const running = new Set<Promise<unknown>>();

  const store = new ScoreStore(storageDir, logger);
  const pool = new WorkerPool({ workerPath, modelsDir, size: workers(config), logger });
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

  const idsOf = ({ lossModel, rewardModel }: EngineConfig): ScorerIds => {
    for (const [kind, model] of [['loss', lossModel], ['reward', rewardModel]] as const) {
      if (model !== 'embedded') throw new Error(`The ${kind} model "${model}" is not known. Known: embedded.`);
    }
    return { loss: embeddedId, reward: embeddedId };
  };

  const scorersOf = async (from: EngineConfig): Promise<ScorerFacts> => {
    idsOf(from);
    return (embedded ??= pool.scorers().catch((error: unknown) => {
      embedded = undefined;
      throw error;
    }));
  };

  const score = (run: ScoreRun) => {
    const mine = config;
    return track(run.signal, (signal) => runScoring({ ...run, signal }, { store, pool, tokenizer: mine.tokenizer, scorers: () => idsOf(mine) }));
  };

  const scoreAll = async (items: readonly ScoreItem[], signal?: AbortSignal): Promise<ReadonlyMap<string, Measurement>> => {
    const found = new Map<string, Measurement>();
    const onMeasured = (batch: readonly Measurement[]) => {
      for (const measurement of batch) found.set(measurement.key, measurement);
    };
    await score({ items, metrics: new Set(metrics), onMeasured, ...(signal === undefined ? {} : { signal }) });
    return found;
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
      pool.resize(workers(next));
    },
    measureLength: (text: string) => pool.measureLength(text, config.tokenizer),
    lookUp: (keys: readonly string[], signal?: AbortSignal) =>
      track(signal, async (own) => store.lookUp(keys, idsOf(config), own)),
    score,
    explainReward: (item: ScoreItem) => pool.explainReward(item),
    scorers: () => scorersOf(config),
    scorerIds: () => idsOf(config),
    propose: proposals.propose.bind(proposals),
    proposals: proposals.proposals.bind(proposals),
    resolveProposal: proposals.resolveProposal.bind(proposals),
    checkTeacher: proposals.checkTeacher.bind(proposals),
    dispose: () => (disposed ??= shutDown()),
  } satisfies Engine);
}

function workers({ jobs }: EngineConfig): number {
  return Math.max(1, Math.floor(jobs) || 1);
}
