import type { TextDocumentContentChangeEvent } from 'vscode-languageserver';
import type { DataRecord, ShapeId } from '../core/record/conversation';
import type { ParsedLine } from '../core/record/parseRecord';
import type { Measurement, ScoreId, ScoreSet } from '../core/scores/catalogue';
import type { ScorerFacts } from '../core/scores/scorer';
import type { TokenLosses } from '../core/scores/tokenLosses';
import type { DatasetView, FilePage, LineProblem, LineSummary, RecordScores, ViewSettings } from '../languageService/datasetView';
import type { Settings } from '../protocol/settings';
import { DatasetLines, type LineHandle } from './datasetLines';
import { Statistics } from './statistics';
import type { LineRange } from './upcoming';

/** Responses whose token losses are kept, the last asked for. */
const surprisesKept = 50;
const noScores: ScoreSet = { values: {}, undefined: {}, scorers: {} };

export interface Running {
  readonly title: string;
  readonly percent: number;
}

/** A run's own mark on an open file. */
export interface Run {
  readonly report: (percent: number) => void;
  readonly end: () => void;
}

/** How an open file is to be shown: the person's settings and what this editor can do. */
export interface Presentation {
  readonly settings: Settings;
  readonly images: boolean;
  readonly commands: ViewSettings['commands'];
}

/**
 * An open file: its lines, what has been read out of them and what is known about their scores.
 * Holds state and answers from it; who reads ahead, measures and counts stands elsewhere.
 */
export class OpenDataset implements DatasetView {
  readonly uri: string;
  #version: number;
  readonly #statistics: Statistics;
  /** Its lines and what has been read out of them. */
  readonly lines: DatasetLines;
  #presentation: Presentation;
  /** Asked for several times a badge; made anew when the presentation or the file's offset changes. */
  #settings: ViewSettings | undefined;
  readonly #surprises = new Map<string, TokenLosses>();
  scorers: ScorerFacts | undefined;
  readonly #runs = new Set<Running>();
  /** Set for a page of a big file. */
  page: FilePage | undefined;
  /** Lines shown last, where work is wanted first. */
  visible: LineRange = { from: 0, to: 100 };

  constructor(uri: string, version: number, text: string, presentation: Presentation) {
    this.uri = uri;
    this.#version = version;
    this.#presentation = presentation;
    this.#statistics = new Statistics(presentation.settings.car);
    this.lines = new DatasetLines(text, this.#statistics);
  }

  get version(): number {
    return this.#version;
  }

  get lineCount(): number {
    return this.lines.lineCount;
  }

  get recordCount(): number {
    return this.lines.recordCount;
  }

  get invalidCount(): number {
    return this.lines.invalidCount;
  }

  get shapes(): ReadonlyMap<ShapeId, number> {
    return this.lines.shapes;
  }

  /** Records with a reward and a loss. */
  get scoredCount(): number {
    return this.#statistics.scored;
  }

  /** What is at work on the file; of several runs the one that has got least far. */
  get running(): Running | undefined {
    const [first, ...others] = this.#runs;
    return first && others.reduce((least, run) => (run.percent < least.percent ? run : least), first);
  }

  startRun(title: string): Run {
    let current: Running | undefined = { title, percent: 0 };
    this.#runs.add(current);
    const put = (next: Running | undefined) => {
      if (current === undefined) return;
      this.#runs.delete(current);
      if (next) this.#runs.add(next);
      current = next;
    };
    return { report: (percent) => put({ title, percent }), end: () => put(undefined) };
  }

  /** Which models and vocabulary measure now. Take it when measuring begins: what comes in under another basis is not shown. */
  get basis(): string {
    return measuredBy(this.#presentation.settings);
  }

  get settings(): ViewSettings {
    const { offset } = this.#statistics;
    if (this.#settings?.carOffset !== offset) this.#settings = undefined;
    return (this.#settings ??= this.#settingsWith(offset));
  }

  #settingsWith(carOffset: number | undefined): ViewSettings {
    const { settings, images, commands } = this.#presentation;
    return {
      badge: settings.badge,
      tokenizer: settings.tokenizer,
      ifdDefinition: settings.ifd.definition,
      beta: settings.car.beta,
      carOffset,
      teachers: settings.teachers,
      maximumPerRule: settings.problems.maximumPerRule,
      severities: settings.problems.severity,
      images,
      commands,
    };
  }

  /** Forgets what other scorers or tokenizers measured when they are no longer the chosen ones. */
  present(presentation: Presentation): void {
    const before = this.basis;
    this.#presentation = presentation;
    this.#settings = undefined;
    this.#statistics.configure(presentation.settings.car);
    if (this.basis === before) return;
    this.#statistics.forget();
    this.#surprises.clear();
    this.scorers = undefined;
    this.lines.askAgain();
  }

  change(changes: readonly TextDocumentContentChangeEvent[], version: number): void {
    this.#version = version;
    this.lines.change(changes);
  }

  lineText(line: number): string {
    return this.lines.text(line);
  }

  parsed(line: number): ParsedLine {
    return this.lines.parsed(line);
  }

  /** Reads a line for one who passes through the file: it is not kept among those on the screen. */
  read(line: LineHandle): ParsedLine {
    return this.lines.read(line, false);
  }

  summary(line: number): LineSummary | undefined {
    return this.lines.summary(line);
  }

  readSummary(line: number): LineSummary {
    return this.lines.readSummary(line);
  }

  record(line: number): DataRecord | undefined {
    const parsed = this.parsed(line);
    return parsed.status === 'ok' ? parsed.record : undefined;
  }

  recordNumber(line: number): number {
    return this.lines.recordNumber(line);
  }

  scores(line: number): RecordScores {
    const summary = this.lines.readSummary(line);
    if (summary.status !== 'ok') return { current: noScores };
    const previousKey = this.lines.previousKey(line);
    const current = summary.exchangeKey === undefined ? undefined : this.#statistics.scores(summary.exchangeKey);
    const previous = previousKey === undefined ? undefined : this.#statistics.scores(previousKey);
    return { current: current ?? noScores, ...(previous && { previous }) };
  }

  /** What has been measured about a response. */
  measurement(key: string): Measurement | undefined {
    return this.#statistics.measurement(key);
  }

  /** The tokenizer that counted a response's tokens; undefined while nobody has. */
  tokenizerOf(key: string): string | undefined {
    return this.#statistics.tokenizer(key);
  }

  responseTokens(line: number): number | undefined {
    const summary = this.summary(line);
    const key = summary?.status === 'ok' ? summary.exchangeKey : undefined;
    return key === undefined ? undefined : this.#statistics.measurement(key)?.length?.tokens;
  }

  surprise(line: number): TokenLosses | undefined {
    const key = this.record(line)?.exchanges[0]?.key;
    return key === undefined ? undefined : this.#surprises.get(key);
  }

  /** Takes in the token losses of an exchange; the oldest are forgotten. */
  learnSurprise(key: string, losses: TokenLosses): void {
    this.#surprises.delete(key);
    this.#surprises.set(key, losses);
    for (const oldest of this.#surprises.keys()) {
      if (this.#surprises.size <= surprisesKept) break;
      this.#surprises.delete(oldest);
    }
  }

  distribution(score: ScoreId): ArrayLike<number> | undefined {
    return this.#statistics.distribution(score);
  }

  duplicate(line: number): { readonly line: number; readonly more: number } | undefined {
    return this.lines.duplicate(line);
  }

  sameRecord(line: number): readonly number[] {
    return this.lines.sameRecord(line);
  }

  samePrompt(line: number): readonly number[] {
    return this.lines.samePrompt(line);
  }

  findings(line: number): readonly LineProblem[] {
    return this.lines.findings(line);
  }

  /** Takes in what was measured, part by part. */
  learn(batch: Iterable<Measurement>): void {
    for (const measurement of batch) this.#statistics.learn(measurement);
  }
}

function measuredBy({ tokenizer, scorer, teachers }: Settings): string {
  const judge = teachers.find(({ id }) => scorer.reward === `judge:${id}`);
  return JSON.stringify([tokenizer, scorer, judge]);
}
