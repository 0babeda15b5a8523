import type { WriteReport } from '../core/exports/writeReport';
import type { Proposal, ProposalDecision, ProposalMode } from '../core/proposals/proposal';
import type { ShapeId } from '../core/record/conversation';
import type { SelectionRule } from '../core/selection/rule';
import type { TeacherSource } from '../core/teachers/teacherSource';

/**
 * Cupel's own messages between an editor and the language server, beside the standard ones.
 * Requests that take time accept `workDoneToken` and the standard cancellation.
 * Lines are 0-based here, as everywhere in LSP.
 */

/** Editor → server. */
export interface Requests {
  /** Scores a file, or the given lines of it. */
  'cupel/score': { params: { uri: string; lines?: readonly number[]; workDoneToken?: string }; result: ScoreOutcome };
  /** The hover card of a record as Markdown. */
  'cupel/recordCard': { params: { uri: string; line: number }; result: { markdown: string } | null };
  'cupel/teachers': { params: { uri?: string }; result: readonly TeacherChoice[] };
  /** Asks a teacher for new responses to the records on these lines; at once with what failed and why. */
  'cupel/propose': { params: { uri: string; lines: readonly number[]; teacher: string; mode: ProposalMode; workDoneToken?: string }; result: { proposals: readonly Proposal[]; skipped: readonly SkippedLine[] } };
  'cupel/proposals': { params: { uri?: string }; result: readonly Proposal[] };
  /** Both sides of the review diff as Markdown, and the title with the score deltas. */
  'cupel/proposalView': { params: { id: string }; result: ProposalView | null };
  /** The one edit that puts the proposal into its line, or why that cannot be done. Applies nothing. */
  'cupel/acceptProposal': { params: { id: string }; result: AcceptOutcome };
  /** Records the person's decision once it is carried out. */
  'cupel/resolveProposal': { params: { id: string; status: ProposalDecision }; result: null };
  'cupel/rankTeachers': { params: { sources: readonly TeacherSource[]; workDoneToken?: string }; result: { markdown: string; json: string } };
  /** Reads the saved file at `uri`; writes `out` and its manifest. */
  'cupel/select': { params: { uri: string; rule: SelectionRule; out: string; workDoneToken?: string }; result: WriteReport };
  'cupel/export': { params: { uri: string; format: string; out: string; workDoneToken?: string }; result: WriteReport };
  /** Findings as a readable report; the same findings also go to Problems. */
  'cupel/check': { params: { uri: string; trainer: string; workDoneToken?: string }; result: { findings: number; markdown: string } };
  /** What measures losses and rewards now, and what else could without further ado. Calls no server. */
  'cupel/scorers': { params: Record<string, never>; result: ScorersReport };
  /** Tries a model by the name that the settings would give it: reads a checkpoint's description and loads it, or asks a server for one known text. */
  'cupel/checkScorer': { params: { kind: ScorerKind; model: string; workDoneToken?: string }; result: ScorerCheck };
  /** What a download of a model from the hub would bring; fetches lists only. */
  'cupel/planModelDownload': { params: { name: string; workDoneToken?: string }; result: ModelDownload };
  /** Fetches a model into the Hugging Face cache; what is already there is not fetched again. */
  'cupel/downloadModel': { params: { name: string; workDoneToken?: string }; result: { folder: string } };
  /** The surprise of each response token of the record on a line, under its first response; null where there is no response. */
  'cupel/tokenSurprise': { params: { uri: string; line: number; workDoneToken?: string }; result: TokenSurprise | null };
  /** Says that a key was stored or removed: the server forgets the one it held in memory. */
  'cupel/setTeacherKey': { params: { teacher: string }; result: null };
}

/** Server → editor, with an answer. */
export interface ClientRequests {
  /** The key for a teacher, from the editor's secret storage; null when the person gave none. */
  'cupel/teacherKey': { params: { teacher: string; baseUrl: string; refused: boolean }; result: { key: string } | null };
}

/** Server → editor. */
export interface Notifications {
  /** One whole picture of a file, never a delta. */
  'cupel/status': FileStatus;
}

export interface FileStatus {
  readonly uri: string;
  readonly records: number;
  readonly invalid: number;
  readonly scored: number;
  /** Records without a response: nothing in them can be scored. */
  readonly unanswered: number;
  /** Each shape met and how many records have it, most common first. */
  readonly shapes: readonly { shape: ShapeId; records: number }[];
  readonly pendingProposals: number;
  readonly running?: { readonly title: string; readonly percent: number };
}

export interface ScoreOutcome {
  readonly scored: number;
  readonly reused: number;
  readonly invalid: number;
  readonly cancelled: boolean;
}

export type ScorerKind = 'loss' | 'reward';

export interface ScorersReport {
  readonly loss: readonly ScorerEntry[];
  readonly reward: readonly ScorerEntry[];
}

/** One model that measures, or could. */
export interface ScorerEntry {
  /** As the settings name it: `embedded`, `tiny`, `gpt2`, `vllm:http://127.0.0.1:8000#gpt2`, `judge:gpt-4o`. */
  readonly model: string;
  readonly active: boolean;
  /** As it stands beside scores; absent when the model cannot be found. */
  readonly id?: string;
  readonly estimate: boolean;
  /** One clause: architecture, size, procedure. */
  readonly detail?: string;
  /** How well it agrees with what it stands for, where that was measured. */
  readonly agreement?: string;
  /** Why it cannot score, one sentence. */
  readonly problem?: string;
  /** The name under which a download can help. */
  readonly download?: string;
}

export type ScorerCheck = { readonly ok: true; readonly id: string; readonly detail?: string } | { readonly ok: false; readonly reason: string; readonly download?: string };

export interface ModelDownload {
  readonly name: string;
  /** The commit. */
  readonly revision: string;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  readonly bytes: number;
  /** Bytes that are already here. */
  readonly present: number;
  readonly folder: string;
  /** As the hub names it. */
  readonly licence?: string;
}

/** Where one response's loss comes from, in places of the document. */
export interface TokenSurprise {
  readonly scorer: string;
  /** The document's version that the places belong to. */
  readonly version: number;
  /** Nats a token, given the prompt and without it. */
  readonly mean: { readonly cond?: number; readonly direct?: number };
  readonly tokens: readonly SurprisingToken[];
  /** Why something is absent. */
  readonly reason?: string;
}

/** A token, or several that share a character; their surprise is then the sum. */
export interface SurprisingToken {
  readonly range: { start: { line: number; character: number }; end: { line: number; character: number } };
  readonly text: string;
  /** Nats given the prompt. */
  readonly cond?: number;
  /** Nats without it. */
  readonly direct?: number;
}

export interface SkippedLine {
  readonly line: number;
  readonly reason: string;
}

export interface TeacherChoice {
  readonly id: string;
  readonly kind: 'openai' | 'file';
  /** `gemma-2-9b-it  localhost:8000`, `teachers/concise.jsonl`. */
  readonly description: string;
}

export interface ProposalView {
  readonly title: string;
  readonly before: string;
  readonly after: string;
  readonly proposal: Proposal;
  /** Where it stands now; undefined when its record is no longer there. */
  readonly line?: number;
}

export type AcceptOutcome =
  | { readonly ok: true; readonly uri: string; readonly range: { start: { line: number; character: number }; end: { line: number; character: number } }; readonly newText: string; readonly documentVersion: number | null }
  | { readonly ok: false; readonly reason: string };
