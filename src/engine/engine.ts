import type { Logger } from '../base/logger';
import type { LengthMeasurement, Measurement, Metric } from '../core/scores/catalogue';
import type { RewardExplanation, ScorerFacts } from '../core/scores/scorer';
import type { Proposal, ProposalDecision, ProposalMode } from '../core/proposals/proposal';
import type { Exchange } from '../core/record/conversation';
import type { TeacherConfig } from '../core/teachers/teacher';

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
}

export interface EngineConfig {
  readonly teachers: readonly TeacherConfig[];
  /** `o200k_base`, `cl100k_base`, `p50k_base`, `r50k_base`. */
  readonly tokenizer: string;
  /** `embedded`, the one there is. */
  readonly lossModel: string;
  readonly rewardModel: string;
  /** Scoring workers, default 1. */
  readonly jobs: number;
}

/** One exchange to score, as plain text so that it crosses to a worker. */
export interface ScoreItem {
  readonly key: string;
  /** The prompt under the `plain` template: texts joined by newlines, no trailing newline. */
  readonly prompt: string;
  readonly response: string;
}

export interface ScoreRun {
  readonly items: readonly ScoreItem[];
  readonly metrics: ReadonlySet<Metric>;
  readonly signal?: AbortSignal;
  /** Called in no particular order, each key once; what it gets is already safe on disk. */
  readonly onMeasured?: (batch: readonly Measurement[]) => void;
  readonly onProgress?: (done: number, total: number) => void;
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
  /** Ids of the scorers that answer under this configuration, and how well they agree with what they stand for. */
  scorers(): Promise<ScorerFacts>;
  /** The ids alone, as they stand in stored results; loads nothing. Throws for a model that is not known. */
  scorerIds(): ScorerIds;

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

export interface ScorerIds {
  readonly loss: string;
  readonly reward: string;
}

export interface TeacherState {
  readonly id: string;
  readonly reachable: boolean;
  /** One sentence. */
  readonly detail: string;
}
