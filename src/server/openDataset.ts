import type { TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { carOffset } from '../core/scores/car';
import type { DataRecord, ShapeId } from '../core/record/conversation';
import { parseLine, type ParsedLine } from '../core/record/parseRecord';
import type { Measurement, ScoreId, ScoreSet } from '../core/scores/catalogue';
import { deriveScores } from '../core/scores/derive';
import type { ScorerFacts } from '../core/scores/scorer';
import type { TokenLosses } from '../core/scores/tokenLosses';
import type { DatasetView, FilePage, LineProblem, LineSummary, RecordScores, ViewSettings } from '../languageService/datasetView';
import type { Settings } from '../protocol/settings';
import { DatasetLine, summarizeLine } from './datasetLine';
import { applyChange, splitLines, type LineChange } from './lineText';
import type { Statistics } from './statistics';

/** Longer lines are left to the command line: reading one would hold up every badge. */
const longestLine = 4_000_000;
const parsedLimit = { lines: 1000, characters: 16_000_000 };
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
  #lines: readonly DatasetLine[];
  #presentation: Presentation;
  readonly #parsed = new Map<DatasetLine, ParsedLine>();
  #parsedCharacters = 0;
  readonly #shapes = new Map<ShapeId, number>();
  #recordCount = 0;
  #invalidCount = 0;
  #lowestReward = Infinity;
  readonly measured = new Map<string, Measurement>();
  readonly #surprises = new Map<string, TokenLosses>();
  scorers: ScorerFacts | undefined;
  readonly #runs = new Set<Running>();
  statistics: Statistics | undefined;
  /** Set for a page of a big file. */
  page: FilePage | undefined;
  /** Lines shown last, where work is wanted first. */
  visible: { readonly from: number; readonly to: number } = { from: 0, to: 100 };

  constructor(uri: string, version: number, text: string, presentation: Presentation) {
    this.uri = uri;
    this.#version = version;
    this.#lines = splitLines(text).map((line) => new DatasetLine(line));
    this.#presentation = presentation;
  }

  get version(): number {
    return this.#version;
  }

  get lines(): readonly DatasetLine[] {
    return this.#lines;
  }

  get lineCount(): number {
    return this.#lines.length;
  }

  get recordCount(): number {
    return this.#recordCount;
  }

  get invalidCount(): number {
    return this.#invalidCount;
  }

  get shapes(): ReadonlyMap<ShapeId, number> {
    return this.#shapes;
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
    const { settings, images, commands } = this.#presentation;
    return {
      badge: settings.badge,
      tokenizer: settings.tokenizer,
      ifdDefinition: settings.ifd.definition,
      beta: settings.car.beta,
      carOffset: this.#carOffset(),
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
    if (this.basis === before) return;
    this.measured.clear();
    this.#surprises.clear();
    this.scorers = undefined;
    this.statistics = undefined;
    this.#lowestReward = Infinity;
    for (const line of this.#lines) line.asked = false;
  }

  change(changes: readonly TextDocumentContentChangeEvent[], version: number): void {
    this.#version = version;
    for (const change of changes) {
      const applied: LineChange<DatasetLine> = applyChange(this.#lines, change, (text, before) => new DatasetLine(text, before && this.#scoredKey(before)));
      this.#lines = applied.lines;
      for (const line of applied.removed) this.#forget(line);
    }
  }

  lineText(line: number): string {
    return this.#lines[line]?.text ?? '';
  }

  parsed(line: number): ParsedLine {
    const found = this.#lines[line];
    return found ? this.read(found) : { status: 'empty' };
  }

  /** Reads a line, or finds it among those on the screen. Who passes through the whole file does not `keep`. */
  read(line: DatasetLine, keep = true): ParsedLine {
    const known = this.#parsed.get(line);
    if (known) return known;
    const parsed = readText(line.text);
    if (!line.summary) {
      line.summary = summarizeLine(line.text, parsed);
      if (!line.removed) this.#count(line.summary, 1);
    }
    if (keep && !line.removed) this.#remember(line, parsed);
    return parsed;
  }

  summary(line: number): LineSummary | undefined {
    return this.#lines[line]?.summary;
  }

  record(line: number): DataRecord | undefined {
    const parsed = this.parsed(line);
    return parsed.status === 'ok' ? parsed.record : undefined;
  }

  recordNumber(line: number): number {
    let count = 0;
    for (let index = 0; index <= line; index++) if (this.#lines[index]?.summary?.status === 'ok') count += 1;
    return count;
  }

  scores(line: number): RecordScores {
    const record = this.record(line);
    const current = this.#scoresOf(record?.exchanges[0]?.key);
    const previous = record && this.#scoresOf(this.#lines[line]?.previousKey);
    return { current: current ?? noScores, ...(previous && { previous }) };
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
    return this.statistics?.distributions.get(score);
  }

  duplicate(line: number): { readonly line: number; readonly more: number } | undefined {
    const summary = this.summary(line);
    const known = summary?.status === 'ok' ? this.statistics?.duplicates.get(summary.key) : undefined;
    if (!known) return undefined;
    const other = known.first === line ? known.second : known.first;
    // Lines may have moved since the file was counted.
    const there = this.summary(other);
    return there?.status === 'ok' && there.key === (summary?.status === 'ok' && summary.key) ? { line: other, more: known.count - 2 } : undefined;
  }

  sameRecord(line: number): readonly number[] {
    return this.#linesWith(line, 'key');
  }

  samePrompt(line: number): readonly number[] {
    return this.#linesWith(line, 'promptKey');
  }

  #linesWith(line: number, name: 'key' | 'promptKey'): readonly number[] {
    const own = this.summary(line);
    if (own?.status !== 'ok') return [];
    return this.#lines.flatMap(({ summary }, index) => (summary?.status === 'ok' && summary[name] === own[name] ? [index] : []));
  }

  findings(line: number): readonly LineProblem[] {
    return this.#lines[line]?.findings ?? [];
  }

  /** Takes in what was measured, part by part. */
  learn(batch: Iterable<Measurement>): void {
    for (const measurement of batch) {
      this.measured.set(measurement.key, { ...this.measured.get(measurement.key), ...measurement });
      this.#lowestReward = Math.min(this.#lowestReward, measurement.reward?.value ?? Infinity);
    }
  }

  /** Lets go of measurements of texts that no line holds any more, once they outnumber the others. */
  prune(): void {
    if (this.measured.size < 2 * this.#lines.length + 1000) return;
    const live = new Set(this.#lines.flatMap((line) => [line.exchangeKey, line.previousKey]));
    for (const key of this.measured.keys()) if (!live.has(key)) this.measured.delete(key);
  }

  #scoresOf(key: string | undefined): ScoreSet | undefined {
    const measurement = key === undefined ? undefined : this.measured.get(key);
    return measurement && deriveScores(measurement, { beta: this.#presentation.settings.car.beta, offset: this.#carOffset() });
  }

  /** One offset for the file: from the last count, or, before the first, from what has come in. */
  #carOffset(): number | undefined {
    if (this.statistics) return this.statistics.offset;
    return carOffset([this.#lowestReward], this.#presentation.settings.car.offset).offset;
  }

  /** What an edited line shows as stale: its own scores, or, where an earlier edit was never scored, those before that. */
  #scoredKey(line: DatasetLine): string | undefined {
    const own = line.exchangeKey === undefined ? undefined : this.measured.get(line.exchangeKey);
    return own?.loss || own?.reward ? line.exchangeKey : (line.previousKey ?? (own && line.exchangeKey));
  }

  #forget(line: DatasetLine): void {
    line.removed = true;
    if (line.summary) this.#count(line.summary, -1);
    if (this.#parsed.delete(line)) this.#parsedCharacters -= line.text.length;
  }

  #count(summary: LineSummary, by: 1 | -1): void {
    if (summary.status === 'invalid') this.#invalidCount += by;
    if (summary.status !== 'ok') return;
    this.#recordCount += by;
    const count = (this.#shapes.get(summary.shape) ?? 0) + by;
    if (count > 0) this.#shapes.set(summary.shape, count);
    else this.#shapes.delete(summary.shape);
  }

  #remember(line: DatasetLine, parsed: ParsedLine): void {
    for (const [oldest] of this.#parsed) {
      if (this.#parsed.size < parsedLimit.lines && this.#parsedCharacters + line.text.length <= parsedLimit.characters) break;
      this.#parsed.delete(oldest);
      this.#parsedCharacters -= oldest.text.length;
    }
    this.#parsed.set(line, parsed);
    this.#parsedCharacters += line.text.length;
  }
}

function measuredBy({ tokenizer, scorer, teachers }: Settings): string {
  const judge = teachers.find(({ id }) => scorer.reward === `judge:${id}`);
  return JSON.stringify([tokenizer, scorer, judge]);
}

function readText(text: string): ParsedLine {
  if (text.length <= longestLine) return parseLine(text);
  return {
    status: 'invalid',
    rule: 'too-long',
    message: `The line has ${text.length} characters; the editor reads records of up to ${longestLine}. The command line reads this one too.`,
  };
}
