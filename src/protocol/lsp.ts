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
  /** The record on a line as a document to read and edit; with a key, the record that has it, on that line or wherever it is now. */
  'cupel/recordDocument': { params: { uri: string; line: number; key?: string }; result: RecordDocumentAnswer };
  /** What puts the texts of an edited document into their line, or why that cannot be done. Applies nothing. */
  'cupel/recordEdit': { params: RecordEditParams; result: RecordEditOutcome };
  /** The nearest line with a record after (1) or before (-1) a line; null at the end of the file. */
  'cupel/neighbourRecord': { params: { uri: string; line: number; step: 1 | -1 }; result: { line: number } | null };
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
  /** Indexes a file of any size by its lines, or looks whether it has changed since; `line`, by default the first, chooses the page that is described. */
  'cupel/bigFile/open': { params: { uri: string; line?: number; workDoneToken?: string }; result: BigFile };
  /** The text of a page of a file, from `firstLine` on. */
  'cupel/bigFile/page': { params: { uri: string; firstLine: number; workDoneToken?: string }; result: BigFilePage };
  /** Lines of a file that hold a text, from the line `from` on; raw text, in whatever way JSON spells it. */
  'cupel/bigFile/search': { params: { uri: string; query: BigFileQuery; from?: number; workDoneToken?: string }; result: BigFileHits };
  /** The line on which a record of an open file stands, and how many records there are; waits until all have been read. */
  'cupel/recordLine': { params: { uri: string; record: number }; result: { line: number | null; records: number } };
  /** The records of the file that are the same as, or nearly the same as, the one on a line; null where there is none. */
  'cupel/cluster': { params: { uri: string; line: number; workDoneToken?: string }; result: RecordCluster | null };
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

/** A record as Markdown: its texts under headings, everything else in comments at the top. */
export interface RecordDocument {
  readonly text: string;
  readonly line: number;
  /** The line's number for people, 1-based, in the whole file also where the document is a page of it. */
  readonly number: number;
  readonly key: string;
  /** Changes with every text of the record and with nothing else; stands in the text. */
  readonly version: string;
  /** It cannot be edited, as it is shown from a page of a big file. */
  readonly readOnly: boolean;
}

export interface RecordDocumentAnswer {
  /** Null where there is none. */
  readonly record: RecordDocument | null;
  /** Version of the dataset that this was read from. */
  readonly documentVersion: number;
}

export interface RecordEditParams {
  readonly uri: string;
  /** Where the record stands. */
  readonly line: number;
  /** By which it is found where it has moved. */
  readonly key: string;
  /** Of the record that the document was written from. */
  readonly version: string;
  readonly text: string;
  /** The editor has taken white space off the ends of lines: a text that differs in nothing else is left as it is. Default false. */
  readonly trimmed?: boolean;
}

export type RecordEditOutcome =
  | { readonly ok: true; readonly line: number; readonly documentVersion: number; readonly edits: readonly { readonly range: { start: { line: number; character: number }; end: { line: number; character: number } }; readonly newText: string }[] }
  /** The record has changed since: `current` is how it reads now. */
  | { readonly ok: false; readonly reason: 'conflict'; readonly message: string; readonly current: RecordDocument }
  /** The document cannot be read as this record; `place` is the 0-based line in it. */
  | { readonly ok: false; readonly reason: 'unreadable'; readonly message: string; readonly place: number }
  | { readonly ok: false; readonly reason: 'gone' | 'readOnly'; readonly message: string };

/** A file that is shown by pages, and one of these; lines 0-based, ends exclusive. */
export interface BigFile {
  readonly bytes: number;
  readonly lines: number;
  readonly firstLine: number;
  readonly endLine: number;
}

export interface BigFilePage extends BigFile {
  readonly text: string;
}

export interface BigFileQuery {
  readonly text: string;
  /** `text` is a regular expression over the raw line. */
  readonly regex?: boolean;
  readonly caseSensitive?: boolean;
}

export interface BigFileHits {
  /** One a line, in the order of the file; `excerpt` is plain text without characters that deceive. */
  readonly hits: readonly { readonly line: number; readonly start: number; readonly end: number; readonly excerpt: string }[];
  /** The line to go on from; null at the end of the file. */
  readonly next: number | null;
  /** Lines that were too long to be searched. */
  readonly unsearched: number;
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

export interface RecordCluster {
  /** The document's version that the lines belong to. */
  readonly version: number;
  /** The record itself, then the same ones, then the others, most alike first. */
  readonly members: readonly ClusterMember[];
  /** How many are left out. */
  readonly more: number;
}

export interface ClusterMember {
  readonly line: number;
  /** `same`: the same conversation. `prompt`: the same prompt with another response. `near`: other words, few of them. */
  readonly kind: 'self' | 'same' | 'prompt' | 'near';
  /** Jaccard similarity of the word 5-grams of all texts, from 0 to 1. */
  readonly similarity: number;
  /** The first words of the instruction, one line. */
  readonly title: string;
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
