import type { DataRecord, JsonPath, RecordProblem, ShapeId } from '../core/record/conversation';
import type { Severity } from '../core/record/rules/catalogue';
import type { InvalidLine, ParsedLine } from '../core/record/parseRecord';
import type { ScoreId, ScoreSet } from '../core/scores/catalogue';
import type { ScorerFacts } from '../core/scores/scorer';
import type { TokenLosses } from '../core/scores/tokenLosses';

/** An open dataset as the language features see it. Lines are 0-based; every answer is immediate, from what is known now. */
export interface DatasetView {
  readonly uri: string;
  readonly version: number;
  readonly lineCount: number;
  /** Where these lines stand when they are a page of a larger file, which cannot be edited; undefined for a whole file. */
  readonly page: FilePage | undefined;
  /** Without its line ending. */
  lineText(line: number): string;
  /** Reads the line if that has not been done yet. */
  parsed(line: number): ParsedLine;
  /** What is kept about a line, or undefined while nobody has read it. Never reads. */
  summary(line: number): LineSummary | undefined;
  /** The same, reading the line if nobody has: for a line read before it costs a look-up, where `parsed` may read it again. */
  readSummary(line: number): LineSummary;
  /** Records in the lines read so far. */
  readonly recordCount: number;
  /** 1-based place of a line's record among the file's records. */
  recordNumber(line: number): number;
  readonly shapes: ReadonlyMap<ShapeId, number>;
  /** Scores of the record's first exchange. */
  scores(line: number): RecordScores;
  /** Tokens of the record's first response; undefined while nobody has counted them. Never reads. */
  responseTokens(line: number): number | undefined;
  /** The surprise of each token of the record's first response, once somebody has asked for it. */
  surprise(line: number): TokenLosses | undefined;
  /** Every known value of a score in this file in ascending order; undefined until there are some. */
  distribution(score: ScoreId): ArrayLike<number> | undefined;
  /** The first other line that holds the same conversation, and how many there are beside it; undefined when there is none. */
  duplicate(line: number): { readonly line: number; readonly more: number } | undefined;
  /** Every line read so far that holds the same conversation, itself included, ascending; empty when the line holds no record. */
  sameRecord(line: number): readonly number[];
  /** Every line read so far whose record has the same prompt, itself included, ascending; empty when the line holds no record. */
  samePrompt(line: number): readonly number[];
  readonly scorers: ScorerFacts | undefined;
  /** The scoring run in progress. */
  readonly running: { readonly percent: number } | undefined;
  /** What a trainer check found, until the line is edited. */
  findings(line: number): readonly LineProblem[];
  readonly settings: ViewSettings;
}

/** A part of a file that is too large to be open as a whole. */
export interface FilePage {
  /** The place of the page's first line in its file, 0-based. */
  readonly firstLine: number;
  /** Lines of the whole file. */
  readonly lines: number;
}

/** What an open file keeps about each of its lines. */
export type LineSummary = { readonly status: 'empty' } | InvalidLine | RecordSummary;

export interface RecordSummary {
  readonly status: 'ok';
  readonly shape: ShapeId;
  readonly key: DataRecord['key'];
  readonly promptKey: DataRecord['promptKey'];
  /** Key of the first exchange; undefined when nothing answers the prompt. */
  readonly exchangeKey: string | undefined;
  /** The first words of the instruction, one line. */
  readonly title: string;
  readonly problems: readonly RecordProblem[];
  /** Fields that neither a shape nor a convention knows. */
  readonly extraFields: readonly string[];
  /** The line holds U+FFFD, which is what reading another encoding as UTF-8 leaves behind. */
  readonly replaced: boolean;
}

export interface LineProblem {
  readonly rule: string;
  readonly message: string;
  readonly severity: 'error' | 'warning' | 'information';
  /** The value it is about; the whole line when absent. */
  readonly path?: JsonPath;
}

export interface RecordScores {
  /** Of the record as it stands. */
  readonly current: ScoreSet;
  /** Of the record before it was edited: what is only here is stale. */
  readonly previous?: ScoreSet;
}

export interface ViewSettings {
  readonly badge: {
    readonly enabled: boolean;
    readonly parts: readonly BadgePart[];
    readonly length: 'words' | 'tokens' | 'chars';
  };
  readonly tokenizer: string;
  readonly ifdDefinition: 'ppl' | 'loss';
  readonly beta: number;
  /** What is added to every reward before CAR; undefined when CAR cannot be computed. */
  readonly carOffset: number | undefined;
  readonly teachers: readonly { readonly id: string; readonly kind: 'openai' | 'file' }[];
  readonly maximumPerRule: number;
  /** What the person set rules to, by id, `trainer/rule` or `trainer/*`. */
  readonly severities: Readonly<Record<string, Severity | 'off'>>;
  /** The editor shows images in hovers. */
  readonly images: boolean;
  /** Commands that the editor offers; undefined when it has none of Cupel's. */
  readonly commands: RecordCommands | undefined;
}

export type BadgePart = 'length' | 'reward' | 'ifd' | 'car';

/** Ids of the editor's commands, each called with `{ uri, lines, teacher? }`. */
export interface RecordCommands {
  readonly score: string;
  readonly showCard: string;
  readonly openRecord: string;
  readonly regenerate: string;
  readonly refine: string;
  readonly showSurprise: string;
  readonly findNearDuplicates: string;
}
