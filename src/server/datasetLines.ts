import type { TextDocumentContentChangeEvent } from 'vscode-languageserver';
import type { ShapeId } from '../core/record/conversation';
import type { ParsedLine } from '../core/record/parseRecord';
import type { LineProblem, LineSummary, RecordSummary } from '../languageService/datasetView';
import { DatasetLine, isUnasked, isUnread, noProblems, summarizeLine, summaryOf, type Slot } from './datasetLine';
import type { LineBlock } from './lineBlock';
import { LineStore, type LinePlace, type LineSnapshot } from './lineStore';
import { MovedLines } from './movedLines';
import { ParsedLines } from './parsedLines';
import { readText } from './readText';
import { RecordIndex } from './recordIndex';
import type { Statistics } from './statistics';
import { Upcoming } from './upcoming';

/** Where a line stood at some moment. After an edit of its neighbourhood it may be found again, or not. */
export type LineHandle = LinePlace<Slot>;

/** Lines that are no record and of one kind share a summary, of so many kinds. */
const sharedKinds = 1000;

/**
 * The lines of an open file and what has been read out of them: counts, keys and who shares them. A line is read when
 * somebody asks; an edit costs what the lines around it cost.
 */
export class DatasetLines {
  readonly #store: LineStore<Slot>;
  readonly #statistics: Statistics;
  readonly #parsed = new ParsedLines();
  readonly #shared = new Map<string, Slot & LineSummary>();
  readonly #keys: RecordIndex;
  readonly #prompts: RecordIndex;
  readonly #shapes = new Map<ShapeId, number>();
  readonly #moved = new MovedLines();
  #recordCount = 0;
  #invalidCount = 0;
  #unanswered = 0;
  #edits = 0;
  #holders = 0;
  /** Lines that nobody has read. */
  readonly unread: Upcoming<Slot>;
  /** Lines whose response nobody has looked up or measured. */
  readonly unasked: Upcoming<Slot>;

  constructor(text: string, statistics: Statistics) {
    this.#statistics = statistics;
    this.#store = new LineStore<Slot>(text, {
      leaving: (block) => this.#leave(block),
      placed: (block) => this.#place(block),
      removed: (slot, removed) => this.#remove(slot, removed),
      made: (made, before) => this.#make(made, before),
    });
    const firstLine = (block: LineBlock<Slot>) => this.#store.firstLine(block);
    this.#keys = new RecordIndex(firstLine);
    this.#prompts = new RecordIndex(firstLine);
    this.unread = new Upcoming(this.#store, { is: isUnread, count: (block) => block.unread });
    this.unasked = new Upcoming(this.#store, { is: isUnasked, count: (block) => block.unasked });
  }

  get lineCount(): number {
    return this.#store.lineCount;
  }

  get recordCount(): number {
    return this.#recordCount;
  }

  get invalidCount(): number {
    return this.#invalidCount;
  }

  /** Records that hold no response. */
  get unanswered(): number {
    return this.#unanswered;
  }

  get shapes(): ReadonlyMap<ShapeId, number> {
    return this.#shapes;
  }

  text(line: number): string {
    return this.#store.text(line);
  }

  summary(line: number): LineSummary | undefined {
    return summaryOf(this.#slot(line));
  }

  parsed(line: number): ParsedLine {
    const place = this.#store.place(line);
    return place ? this.read(place) : { status: 'empty' };
  }

  handle(line: number): LineHandle | undefined {
    return this.#store.place(line);
  }

  /** Reads a line, or finds it among those on the screen. Who passes through the whole file does not `keep`. */
  read({ block, index }: LineHandle, keep = true): ParsedLine {
    const slot = block.slots[index];
    const summary = summaryOf(slot);
    if (summary !== undefined && summary.status !== 'ok') return summary;
    const known = slot instanceof DatasetLine ? this.#parsed.get(slot) : undefined;
    if (known) return known;
    const text = block.text(index);
    const parsed = readText(text);
    if (block.at < 0) return parsed;
    if (summary === undefined) this.#takeIn(block, index, summarizeLine(text, parsed));
    const line = block.slots[index];
    if (keep && parsed.status === 'ok' && line instanceof DatasetLine) this.#parsed.keep(line, parsed, text.length);
    return parsed;
  }

  readSummary(line: number): LineSummary {
    const known = this.summary(line);
    if (known) return known;
    this.parsed(line);
    return this.summary(line) ?? { status: 'empty' };
  }

  recordNumber(line: number): number {
    const place = this.#store.place(Math.min(line, this.lineCount - 1));
    if (!place) return 0;
    let count = 0;
    for (let at = 0; at < place.block.at; at++) count += this.#store.blocks[at]?.records ?? 0;
    for (let index = 0; index <= place.index; index++) if (summaryOf(place.block.slots[index])?.status === 'ok') count += 1;
    return count;
  }

  sameRecord(line: number): readonly number[] {
    const summary = this.#recordSummary(line);
    return summary ? this.#keys.lines(summary.key, this.#edits) : [];
  }

  samePrompt(line: number): readonly number[] {
    const summary = this.#recordSummary(line);
    return summary ? this.#prompts.lines(summary.promptKey, this.#edits) : [];
  }

  duplicate(line: number): { readonly line: number; readonly more: number } | undefined {
    const summary = this.#recordSummary(line);
    const known = summary && this.#keys.firstTwo(summary.key, this.#edits);
    return known && { line: known.first === line ? known.second : known.first, more: known.more };
  }

  /** The lines read so far that hold this record, ascending. */
  withKey(key: string): readonly number[] {
    return this.#keys.lines(key, this.#edits);
  }

  /** Of a line that has been read. */
  exchangeKey({ block, index }: LineHandle): string | undefined {
    const summary = summaryOf(block.slots[index]);
    return summary?.status === 'ok' ? summary.exchangeKey : undefined;
  }

  previousKey(line: number): string | undefined {
    const slot = this.#slot(line);
    return slot instanceof DatasetLine ? slot.previousKey : undefined;
  }

  findings(line: number): readonly LineProblem[] {
    const slot = this.#slot(line);
    return slot instanceof DatasetLine ? slot.findings : noProblems;
  }

  /** Marks a line, wherever it has gone while the file was held; one that was edited or deleted is left alone. */
  setFindings({ block, index }: LineHandle, findings: readonly LineProblem[]): void {
    const slot = block.slots[index];
    if (block.at < 0) {
      if (slot instanceof DatasetLine && slot.block) slot.findings = findings;
    } else if (slot instanceof DatasetLine || findings.length > 0) {
      this.#own(block, index).findings = findings;
    }
  }

  /** All lines as they are now, to be passed through while the file is edited. */
  snapshot(): LineSnapshot<Slot> {
    return this.#store.snapshot();
  }

  /** Until it is released, edits leave every line a mark by which its handle finds it. */
  hold(): { readonly release: () => void } {
    this.#holders += 1;
    return { release: () => (this.#holders -= 1) };
  }

  /** The response on this line is being looked up. */
  ask({ block, index }: LineHandle): void {
    const slot = block.slots[index];
    if (block.at < 0 || !(slot instanceof DatasetLine) || !isUnasked(slot)) return;
    slot.asked = true;
    block.unasked -= 1;
  }

  /** Every response is to be looked up anew. */
  askAgain(): void {
    for (const block of this.#store.blocks) {
      for (const slot of block.slots) if (slot instanceof DatasetLine) slot.asked = false;
      block.unasked = block.slots.reduce((count, slot) => count + (isUnasked(slot) ? 1 : 0), 0);
    }
  }

  /** Lines that one of the changes takes out and another puts in keep what is known about them. */
  change(changes: readonly TextDocumentContentChangeEvent[]): void {
    this.#edits += 1;
    this.#moved.begin(changes.length > 1);
    for (const change of changes) this.#store.change(change);
    for (const { line, from } of this.#moved.end()) this.#adopt(line, from);
  }

  #slot(line: number): Slot | undefined {
    const place = this.#store.place(line);
    return place?.block.slots[place.index];
  }

  #recordSummary(line: number): RecordSummary | undefined {
    const summary = this.summary(line);
    return summary?.status === 'ok' ? summary : undefined;
  }

  #takeIn(block: LineBlock<Slot>, index: number, summary: LineSummary): void {
    const slot = block.slots[index];
    if (summary.status !== 'ok' && !(slot instanceof DatasetLine)) {
      block.slots[index] = this.#share(summary);
    } else {
      const line = this.#own(block, index);
      line.summary = summary;
    }
    const now = block.slots[index];
    block.unread -= 1;
    if (!isUnasked(now)) block.unasked -= 1;
    if (summary.status === 'ok') block.records += 1;
    this.#count(now, 1);
  }

  #share(summary: Slot & LineSummary): Slot {
    const kind = kindOf(summary);
    const known = this.#shared.get(kind);
    if (known) return known;
    if (this.#shared.size < sharedKinds) this.#shared.set(kind, summary);
    return summary;
  }

  /** The line with an object of its own. */
  #own(block: LineBlock<Slot>, index: number): DatasetLine {
    const slot = block.slots[index];
    if (slot instanceof DatasetLine) return slot;
    const line = new DatasetLine();
    line.summary = slot;
    line.block = block;
    block.slots[index] = line;
    return line;
  }

  #count(slot: Slot | undefined, by: 1 | -1): void {
    const summary = summaryOf(slot);
    if (summary?.status === 'invalid') this.#invalidCount += by;
    if (summary?.status !== 'ok' || !(slot instanceof DatasetLine)) return;
    this.#recordCount += by;
    const count = (this.#shapes.get(summary.shape) ?? 0) + by;
    if (count > 0) this.#shapes.set(summary.shape, count);
    else this.#shapes.delete(summary.shape);
    if (by > 0) {
      this.#keys.add(summary.key, slot);
      this.#prompts.add(summary.promptKey, slot);
    } else {
      this.#keys.delete(summary.key, slot);
      this.#prompts.delete(summary.promptKey, slot);
    }
    if (summary.exchangeKey === undefined) this.#unanswered += by;
    else if (by > 0) this.#statistics.hold(summary.exchangeKey, 'line');
    else this.#statistics.release(summary.exchangeKey, 'line');
  }

  #leave(block: LineBlock<Slot>): void {
    if (this.#holders > 0) for (let index = 0; index < block.lineCount; index++) this.#own(block, index);
  }

  #place(block: LineBlock<Slot>): void {
    for (const slot of block.slots) {
      if (slot instanceof DatasetLine) slot.block = block;
      const summary = summaryOf(slot);
      if (summary === undefined) block.unread += 1;
      if (summary?.status === 'ok') block.records += 1;
      if (isUnasked(slot)) block.unasked += 1;
    }
  }

  #make(text: string, before: Slot | undefined): DatasetLine | undefined {
    const previousKey = before instanceof DatasetLine ? this.#scoredKey(before) : undefined;
    if (previousKey === undefined && !this.#moved.watching) return undefined;
    const line = new DatasetLine();
    line.previousKey = previousKey;
    if (previousKey !== undefined) this.#statistics.hold(previousKey, 'before');
    this.#moved.made(text, line);
    return line;
  }

  #remove(slot: Slot | undefined, text: string): void {
    this.#count(slot, -1);
    if (!(slot instanceof DatasetLine)) return;
    this.#parsed.delete(slot);
    this.#moved.removed(text, slot);
    slot.block = undefined;
    if (slot.previousKey !== undefined) this.#statistics.release(slot.previousKey, 'before');
  }

  /** A line that has come takes over what is known about one with the same text that has gone. */
  #adopt(line: DatasetLine, from: DatasetLine): void {
    const { block } = line;
    if (!block || line.summary) return;
    line.findings = from.findings;
    if (line.previousKey !== undefined) this.#statistics.release(line.previousKey, 'before');
    line.previousKey = from.previousKey;
    if (from.previousKey !== undefined) this.#statistics.hold(from.previousKey, 'before');
    if (!from.summary) return;
    line.asked = from.asked;
    this.#takeIn(block, block.slots.indexOf(line), from.summary);
  }

  /** What an edited line shows as stale: its own scores, or, where an earlier edit was never scored, those before that. */
  #scoredKey({ summary, previousKey }: DatasetLine): string | undefined {
    const own = summary?.status === 'ok' ? summary.exchangeKey : undefined;
    if (own !== undefined && this.#statistics.isScored(own)) return own;
    return previousKey ?? (own !== undefined && this.#statistics.tokenizer(own) !== undefined ? own : undefined);
  }
}

/** Tells lines that are no record apart; millions of them may be of one kind. */
function kindOf(summary: LineSummary): string {
  if (summary.status !== 'invalid') return summary.status;
  const { rule, span, cause = '', message } = summary;
  return span ? `${rule} ${cause} ${span.start} ${span.end} ${message}` : `${rule} ${cause} ${message}`;
}
