import type { Logger } from '../base/logger';
import type { LengthMeasurement, Measurement, Metric } from '../core/scores/catalogue';
import type { LossPresetId } from '../core/scores/presets/preset';
import type { RewardExplanation, ScorerFact, ScorerFacts } from '../core/scores/scorer';
import type { Precision } from '../core/scores/scorerSpec';
import type { TokenLosses } from '../core/scores/tokenLosses';
import type { Proposal, ProposalDecision, ProposalMode } from '../core/proposals/proposal';
import type { Exchange } from '../core/record/conversation';
import type { TeacherConfig } from '../core/teachers/teacher';
import type { DownloadOptions, DownloadPlan } from './hub/download';
import type { LocatedModel } from './hub/locateModel';

/**
 * The engine's face: everything that touches disk, network or a model. `createEngine(ports, config)` builds it,
 * the server and the CLI use it. Every method that waits takes a signal and rejects with its reason when aborted.
 */

export interface EnginePorts {
  /** One folder per user: `segments/`, `journal/`, `proposals/`. Created on first write. */
  readonly storageDir: string;
  /** `models/` of the installation. */
  readonly modelsDir: string;
  /** The bundled worker script. */
  readonly workerPath: string;
  readonly logger: Logger;
  readonly now: () => Date;
  /** The key for an endpoint, or undefined to send none. `refused` is true when the server has just turned the last one down. */
  readonly apiKey: (teacher: TeacherConfig, refused: boolean) => Promise<string | undefined>;
  /** The key for a scoring server, or undefined to send none. */
  readonly serverKey: (baseUrl: string) => string | undefined;
  /** What relative folders of checkpoints start from. */
  readonly workingDir: string;
}

export interface EngineConfig {
  readonly teachers: readonly TeacherConfig[];
  /** `o200k_base`, `cl100k_base`, `p50k_base`, `r50k_base`. */
  readonly tokenizer: string;
  /** Forms: `parseLossModel`, `parseRewardModel`. */
  readonly lossModel: string;
  readonly rewardModel: string;
  /** The published procedure by which a checkpoint or a server measures losses, default `superfiltering`; the embedded estimator follows that one always. */
  readonly ifdPreset?: LossPresetId;
  /** Of local checkpoints, default `fp32`. */
  readonly precision?: Precision;
  /** Scoring workers; without it as many as suit the model and the machine. */
  readonly jobs?: number;
}

/** One exchange to score, as plain text so that it crosses to a worker. */
export interface ScoreItem {
  readonly key: string;
  /** The prompt under the `plain` template: texts joined by newlines, no trailing newline. */
  readonly prompt: string;
  /** Alpaca's input, when the prompt ends with one: templates that tell it from the instruction need it. */
  readonly input?: string;
  readonly response: string;
}

export interface ScoreRun {
  readonly items: readonly ScoreItem[];
  readonly metrics: ReadonlySet<Metric>;
  readonly signal?: AbortSignal;
  /** Asked once before anything goes to a model that may cost money. Without it, and on `false`, nothing does and the run rejects. */
  readonly confirmPaid?: (estimate: PaidEstimate) => Promise<boolean>;
  /** Called in no particular order, each key once; what it gets is already safe on disk. */
  readonly onMeasured?: (batch: readonly Measurement[]) => void;
  /** `share` is the part of the work that is done, from 0 to 1, by the length of the texts: long records come first where scoring is slow. */
  readonly onProgress?: (done: number, total: number, share: number) => void;
}

export interface PaidEstimate {
  readonly scorer: string;
  readonly requests: number;
  /** Of the texts sent, by their length. */
  readonly tokens: number;
}

export interface ScoreRunSummary {
  readonly computed: number;
  /** Found in the store or the journal: not computed again. */
  readonly reused: number;
}

export interface ProposalRun {
  readonly requests: readonly ProposalRequest[];
  readonly teacher: string;
  readonly mode: ProposalMode;
  readonly signal?: AbortSignal;
  /** Each proposal once, when it is safe in the journal. */
  readonly onProposal?: (proposal: Proposal) => void;
  readonly onProgress?: (done: number, total: number) => void;
  /** Streaming text of the response being written, for a single request. */
  readonly onText?: (text: string) => void;
}

export interface ProposalRequest {
  readonly file: string;
  readonly line: number;
  readonly recordKey: string;
  readonly promptKey: string;
  readonly exchange: Exchange;
}

export interface Engine {
  readonly config: EngineConfig;
  /** Replaces the configuration; running work keeps the one it began with. */
  configure(config: EngineConfig): void;

  /** The three lengths of a response under the configured tokenizer; the vocabulary loads on first use. */
  measureLength(text: string): Promise<LengthMeasurement>;
  /** What is already known under the configured scorers. Keys without anything are absent from the map. */
  lookUp(keys: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, Measurement>>;
  /** Scores what is missing in workers, keeps it, and hands out everything asked for. Resumable: what was finished before a kill is found again. */
  score(run: ScoreRun): Promise<ScoreRunSummary>;
  /** What raised and lowered an embedded reward, strongest first; undefined for rewards that do not explain themselves. */
  explainReward(item: ScoreItem): Promise<RewardExplanation | undefined>;
  /** The surprise of each response token under the configured loss model; under `tiny` when that is an estimator, which knows no tokens. */
  tokenLosses(item: ScoreItem, signal?: AbortSignal): Promise<TokenLosses>;
  /** The scorers that answer under this configuration, and how well they agree with what they stand for. Rejects when one cannot be found. */
  scorers(): Promise<ScorerFacts>;
  /** A model by its name, whether or not it is the configured one; loads no weights and calls no server. Rejects with one sentence when it cannot be found. */
  describeScorer(kind: ScorerKind, model: string): Promise<ScorerFact>;
  /** Is it there and fit to score: loads a checkpoint's description, or asks a server for one known text. Rejects with one sentence when not. */
  checkScorer(kind: ScorerKind, model: string, signal?: AbortSignal): Promise<ScorerFact>;

  /** Checkpoints in the Hugging Face cache that can score, by name. */
  foundModels(): Promise<readonly FoundModel[]>;
  /** What a download from the hub would bring. */
  planDownload(name: string, signal?: AbortSignal): Promise<DownloadPlan>;
  downloadModel(plan: DownloadPlan, options: DownloadOptions): Promise<LocatedModel>;

  /** Asks a teacher; every answer is in the journal before it is handed out, failures included. */
  propose(run: ProposalRun): Promise<readonly Proposal[]>;
  /** All proposals kept for a dataset, oldest first. */
  proposals(file?: string): Promise<readonly Proposal[]>;
  /** Records what the person decided. */
  resolveProposal(id: string, status: ProposalDecision): Promise<void>;
  /** Is the teacher there: one cheap call, or the file's readable rows. */
  checkTeacher(id: string, signal?: AbortSignal): Promise<TeacherState>;

  dispose(): Promise<void>;
}

export interface FoundModel extends LocatedModel {
  readonly head: 'language-model' | 'reward';
}

export type ScorerKind = 'loss' | 'reward';

export interface TeacherState {
  readonly id: string;
  readonly reachable: boolean;
  /** One sentence. */
  readonly detail: string;
}
