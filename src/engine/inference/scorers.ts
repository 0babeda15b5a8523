import { stat } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import { needsLoss, needsReward, type LossMeasurement, type Metric, type RewardMeasurement } from '../../core/scores/catalogue';
import { lossPresets, type LossPresetId } from '../../core/scores/presets/preset';
import { formatCount } from '../../core/scores/format';
import type { ScorerFact } from '../../core/scores/scorer';
import { parseLossModel, parseRewardModel, tinyModel, type CheckpointSpec, type Precision } from '../../core/scores/scorerSpec';
import { createJudge } from '../clients/scoring/judge';
import { createRemoteLoss } from '../clients/scoring/remoteLoss';
import { createRemoteReward } from '../clients/scoring/remoteReward';
import type { RemoteScorer, RemoteScorerDeps } from '../clients/scoring/remoteScorer';
import type { EngineConfig, FoundModel } from '../engine';
import { cachedModels, locateModel, type LocatedModel } from '../hub/locateModel';
import { readChatTemplate } from './checkpoints/chatTemplate';
import { describeCheckpoint, type CheckpointFacts } from './checkpoints/checkpointFacts';
import { embeddedId } from './embedded/embeddedId';
import type { LossModel, RewardModel } from './scoringMessages';
import { ScorerError } from './scorerError';

/** Who measures, and where: in worker threads, or over a wire from this one. */
export type Scorer<Model, M> = { readonly id: string } & ({ readonly place: 'worker'; readonly model: Model } | { readonly place: 'remote'; readonly remote: RemoteScorer<M> });
export type LossScorer = Scorer<LossModel, LossMeasurement>;
export type RewardScorer = Scorer<RewardModel, RewardMeasurement>;

export interface ScorersDeps extends RemoteScorerDeps {
  readonly modelsDir: string;
  readonly workingDir: string;
}

/** Finds what the configuration names. Nothing is loaded or called here; a server is kept, and with it what its probe found. */
export class Scorers {
  readonly #deps: ScorersDeps;
  readonly #losses = new Map<string, RemoteScorer<LossMeasurement>>();
  readonly #rewards = new Map<string, RemoteScorer<RewardMeasurement>>();
  readonly #described = new Map<string, { readonly state: string; readonly facts: Promise<CheckpointFacts> }>();

  constructor(deps: ScorersDeps) {
    this.#deps = deps;
  }

  /** Rejects with one sentence when the model is not known or not there. */
  async loss(config: EngineConfig): Promise<LossScorer> {
    const spec = parseLossModel(config.lossModel);
    const preset = config.ifdPreset ?? defaultPreset;
    if (spec.kind === 'embedded') return { id: embeddedId, place: 'worker', model: { kind: 'embedded' } };
    if (spec.kind === 'server') {
      const remote = kept(this.#losses, `${config.lossModel} ${preset}`, () => createRemoteLoss(spec, preset, this.#deps));
      return { id: remote.id, place: 'remote', remote };
    }
    const { located, facts, precision, id } = await this.#checkpoint(spec, config);
    if (facts.head !== 'language-model') throw new ScorerError(`${located.folder} holds a reward model (${facts.architecture}); losses need a language model.`);
    const scorer = `${id}/${preset}${suffix(precision)}`;
    return { id: scorer, place: 'worker', model: { kind: 'checkpoint', id: scorer, folder: located.folder, preset, precision, threads: threads(config, facts) } };
  }

  /** Rejects with one sentence when the model is not known or not there. */
  async reward(config: EngineConfig): Promise<RewardScorer> {
    const spec = parseRewardModel(config.rewardModel);
    if (spec.kind === 'embedded') return { id: embeddedId, place: 'worker', model: { kind: 'embedded' } };
    if (spec.kind === 'server') {
      const remote = kept(this.#rewards, config.rewardModel, () => createRemoteReward(spec, this.#deps));
      return { id: remote.id, place: 'remote', remote };
    }
    if (spec.kind === 'judge') {
      const teacher = config.teachers.find(({ id }) => id === spec.teacher);
      if (teacher?.kind !== 'openai') throw new ScorerError(`The judge "${spec.teacher}" is no chat endpoint among the teachers; add it to the teachers, or choose another reward model.`);
      const remote = kept(this.#rewards, `judge ${JSON.stringify(teacher)}`, () => createJudge(teacher, this.#deps));
      return { id: remote.id, place: 'remote', remote };
    }
    const { located, facts, precision, id } = await this.#checkpoint(spec, config);
    if (facts.head !== 'reward') throw new ScorerError(`${located.folder} holds a language model (${facts.architecture}); rewards need a sequence-classification head with one label.`);
    const form = (await readChatTemplate(located.folder)) === undefined ? 'plain' : 'chat';
    const scorer = `${id}/${form}${suffix(precision)}`;
    return { id: scorer, place: 'worker', model: { kind: 'checkpoint', id: scorer, folder: located.folder, precision, threads: threads(config, facts) } };
  }

  /** Workers that suit the models and the machine, unless the configuration says how many. */
  async workers(config: EngineConfig, metrics: ReadonlySet<Metric>): Promise<number> {
    if (config.jobs !== undefined) return Math.max(1, Math.floor(config.jobs) || 1);
    const wanted = [...(needsLoss(metrics) ? [parseLossModel(config.lossModel)] : []), ...(needsReward(metrics) ? [parseRewardModel(config.rewardModel)] : [])];
    const checkpoints = wanted.filter((spec) => spec.kind === 'checkpoint');
    if (checkpoints.length === 0) return 1;
    const all = await Promise.all(checkpoints.map((spec) => this.#checkpoint(spec, config)));
    return workersFor(all.map(({ facts }) => facts));
  }

  /** A checkpoint's fact, from its description; undefined for a scorer of another kind. */
  async checkpointFact(config: EngineConfig, kind: 'loss' | 'reward'): Promise<ScorerFact | undefined> {
    const spec = kind === 'loss' ? parseLossModel(config.lossModel) : parseRewardModel(config.rewardModel);
    if (spec.kind !== 'checkpoint') return undefined;
    const { facts, precision } = await this.#checkpoint(spec, config);
    const { id } = await this[kind](config);
    const preset = lossPresets[config.ifdPreset ?? defaultPreset];
    const size = facts.parameters === undefined ? [] : [`${parameterCount(facts.parameters)} parameters`];
    const procedure = kind === 'loss' ? [preset.id, `${preset.template} template`, `${Math.min(preset.maxTokens, facts.contextLength)} tokens`] : [];
    const agreement = spec.location === tinyModel ? tinyAgreement : undefined;
    return { id, estimate: false, detail: [facts.architecture, ...size, precision, ...procedure].join(', '), ...(agreement !== undefined && { agreement }) };
  }

  /** Checkpoints in the Hugging Face cache that can score. */
  async found(): Promise<readonly FoundModel[]> {
    const located = await cachedModels({ isSupported: () => true });
    const described = await Promise.all(located.map(async (model) => ({ model, facts: await this.#describe(model).catch(() => undefined) })));
    return described.flatMap(({ model, facts }) => (facts === undefined ? [] : [{ ...model, head: facts.head }]));
  }

  async #checkpoint(spec: CheckpointSpec, config: EngineConfig) {
    const located = await locateModel(spec.location, this.#deps);
    const facts = await this.#describe(located);
    return { located, facts, precision: config.precision ?? ('fp32' satisfies Precision), id: `${located.name}@${facts.fingerprint}` };
  }

  /** Again when a file of the folder has changed. */
  async #describe({ folder }: LocatedModel): Promise<CheckpointFacts> {
    const state = await folderState(folder);
    const known = this.#described.get(folder);
    if (known?.state === state) return known.facts;
    const facts = describeCheckpoint(folder);
    this.#described.set(folder, { state, facts });
    facts.catch(() => this.#described.delete(folder));
    return facts;
  }
}

/** Measured on the 1,222 rows of published GPT-2 values: models/recipe/RESULTS.md. */
const tinyAgreement = 'Spearman .67 with GPT-2\'s IFD, .58 with its conditional and .67 with its direct losses';
const defaultPreset: LossPresetId = 'superfiltering';

/** `124 M`, `1.4 M`, `98,304`. */
function parameterCount(count: number): string {
  if (count < 1e6) return formatCount(count);
  return `${(count / 1e6).toFixed(count < 1e7 ? 1 : 0)} M`;
}

function suffix(precision: Precision): string {
  return precision === 'fp32' ? '' : `/${precision}`;
}

function kept<M>(all: Map<string, RemoteScorer<M>>, key: string, create: () => RemoteScorer<M>): RemoteScorer<M> {
  let remote = all.get(key);
  if (remote === undefined) all.set(key, (remote = create()));
  return remote;
}

/** Each worker holds the weights, once read and once laid out for the processor. */
const memoryPerByte = 2;

function workersFor(all: readonly CheckpointFacts[]): number {
  const bytes = all.reduce((sum, facts) => sum + facts.bytes, 0) * memoryPerByte;
  return Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / 2 / Math.max(1, bytes))));
}

function threads(config: EngineConfig, facts: CheckpointFacts): number {
  return Math.max(1, Math.floor(availableParallelism() / (config.jobs ?? workersFor([facts]))));
}

const describingFiles = ['config.json', 'tokenizer.json', 'model.safetensors', 'model.safetensors.index.json', 'model.onnx'];

async function folderState(folder: string): Promise<string> {
  const states = await Promise.all(
    describingFiles.map(async (name) => {
      const found = await stat(path.join(folder, name)).catch(() => undefined);
      return found === undefined ? '-' : `${found.size} ${found.mtimeMs}`;
    }),
  );
  return states.join(',');
}
