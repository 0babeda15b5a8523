import type { LengthMeasurement, LossMeasurement, Measurement, NllSum, RewardMeasurement } from '../core/scores/catalogue';

/** The counts of a row, which say nothing where no tokenizer is named. */
const count = { words: 0, tokens: 1, chars: 2 } as const;
const countsWidth = 3;
/** The scores of a row: absent ones are NaN, tokens are doubles too, so that one array holds all. */
const column = { condSum: 0, condTokens: 1, directSum: 2, directTokens: 3, promptSum: 4, promptTokens: 5, reward: 6 } as const;
const scoresWidth = 7;

/** Rows that no line uses any more are kept for this many others: an undo brings a line back. */
const spareRows = 2000;

/**
 * What was measured about the responses of an open file, in columns: some dozen bytes a response instead of ten objects, and
 * none for scores while nothing has been scored.
 * A row lives as long as lines refer to its key.
 */
export class Measurements {
  readonly #rows = new Map<string, number>();
  readonly #spare = new Map<string, number>();
  readonly #free: number[] = [];
  #counts = new Uint32Array(0);
  /** Empty until the first score. */
  #scores = new Float64Array(0);
  /** Lines that have the response, and edited lines that had it. */
  #lines = new Int32Array(0);
  #before = new Int32Array(0);
  /** Names by their place; 0 is nobody. */
  #tokenizers = new Uint16Array(0);
  #losses = new Uint16Array(0);
  #rewards = new Uint16Array(0);
  readonly #lossReasons = new Map<number, string>();
  readonly #rewardReasons = new Map<number, string>();
  readonly #names = [''];

  /** Lines that have this response. */
  lines(key: string): number {
    const row = this.#rows.get(key);
    return row === undefined ? 0 : (this.#lines[row] ?? 0);
  }

  /** A line has this response from now on, or had it before an edit. */
  hold(key: string, as: 'line' | 'before'): void {
    const row = this.#rows.get(key) ?? this.#make(key);
    const uses = as === 'line' ? this.#lines : this.#before;
    uses[row] = (uses[row] ?? 0) + 1;
    this.#spare.delete(key);
  }

  /** Ends one `hold`. */
  release(key: string, as: 'line' | 'before'): void {
    const row = this.#rows.get(key);
    if (row === undefined) return;
    const uses = as === 'line' ? this.#lines : this.#before;
    uses[row] = (uses[row] ?? 1) - 1;
    if ((this.#lines[row] ?? 0) + (this.#before[row] ?? 0) > 0) return;
    this.#spare.set(key, row);
    for (const [oldest, oldRow] of this.#spare) {
      if (this.#spare.size <= spareRows) break;
      this.#spare.delete(oldest);
      this.#rows.delete(oldest);
      this.#empty(oldRow);
      this.#free.push(oldRow);
    }
  }

  /** For each response with a reward and a loss, how many lines have it. */
  *scored(): Generator<{ readonly reward: number; readonly cond: number; readonly lines: number }> {
    for (const row of this.#rows.values()) {
      const lines = this.#lines[row] ?? 0;
      if (lines === 0) continue;
      const reward = this.#number(row, column.reward);
      const cond = this.#number(row, column.condSum) / this.#number(row, column.condTokens);
      if (Number.isFinite(reward) && Number.isFinite(cond)) yield { reward, cond, lines };
    }
  }

  /** What is known; undefined while nothing is. */
  get(key: string): Measurement | undefined {
    const row = this.#rows.get(key);
    if (row === undefined) return undefined;
    const [length, loss, reward] = [this.#length(row), this.#loss(row), this.#reward(row)];
    return length || loss || reward ? { key, ...(length && { length }), ...(loss && { loss }), ...(reward && { reward }) } : undefined;
  }

  /** The tokenizer that counted this response's tokens. */
  tokenizer(key: string): string | undefined {
    const row = this.#rows.get(key);
    const name = row === undefined ? 0 : (this.#tokenizers[row] ?? 0);
    return name === 0 ? undefined : this.#names[name];
  }

  /** A loss or a reward is known, or why there is none. */
  isScored(key: string): boolean {
    const row = this.#rows.get(key);
    return row !== undefined && ((this.#losses[row] ?? 0) > 0 || (this.#rewards[row] ?? 0) > 0);
  }

  /** Adds the parts of a measurement to what is known; one about a response that no line has or had is not kept. */
  learn({ key, length, loss, reward }: Measurement): void {
    const row = this.#rows.get(key);
    if (row === undefined) return;
    if (length) {
      this.#tokenizers[row] = this.#nameOf(length.tokenizer);
      this.#counts.set([length.words, length.tokens, length.chars], row * countsWidth);
    }
    if (loss) {
      this.#losses[row] = this.#nameOf(loss.scorer);
      this.#setNll(row, column.condSum, loss.cond);
      this.#setNll(row, column.directSum, loss.direct);
      this.#setNll(row, column.promptSum, loss.prompt);
      setReason(this.#lossReasons, row, loss.reason);
    }
    if (reward) {
      this.#rewards[row] = this.#nameOf(reward.scorer);
      this.#set(row, column.reward, reward.value ?? NaN);
      setReason(this.#rewardReasons, row, reward.reason);
    }
  }

  /** Forgets every measurement; lines still refer to their keys. */
  forget(): void {
    this.#scores.fill(NaN);
    this.#tokenizers.fill(0);
    this.#losses.fill(0);
    this.#rewards.fill(0);
    this.#lossReasons.clear();
    this.#rewardReasons.clear();
    this.#names.length = 1;
  }

  #length(row: number): LengthMeasurement | undefined {
    const tokenizer = this.#names[this.#tokenizers[row] ?? 0];
    return tokenizer ? { words: this.#count(row, count.words), tokens: this.#count(row, count.tokens), chars: this.#count(row, count.chars), tokenizer } : undefined;
  }

  #loss(row: number): LossMeasurement | undefined {
    const scorer = this.#names[this.#losses[row] ?? 0];
    if (!scorer) return undefined;
    const [cond, direct, prompt] = [this.#nll(row, column.condSum), this.#nll(row, column.directSum), this.#nll(row, column.promptSum)];
    const reason = this.#lossReasons.get(row);
    return { scorer, ...(cond && { cond }), ...(direct && { direct }), ...(prompt && { prompt }), ...(reason !== undefined && { reason }) };
  }

  #reward(row: number): RewardMeasurement | undefined {
    const scorer = this.#names[this.#rewards[row] ?? 0];
    if (!scorer) return undefined;
    const value = this.#number(row, column.reward);
    const reason = this.#rewardReasons.get(row);
    return { scorer, ...(!Number.isNaN(value) && { value }), ...(reason !== undefined && { reason }) };
  }

  #nll(row: number, at: number): NllSum | undefined {
    const tokens = this.#number(row, at + 1);
    return Number.isNaN(tokens) ? undefined : { sum: this.#number(row, at), tokens };
  }

  #setNll(row: number, at: number, nll: NllSum | undefined): void {
    this.#set(row, at, nll?.sum ?? NaN);
    this.#set(row, at + 1, nll?.tokens ?? NaN);
  }

  #count(row: number, at: number): number {
    return this.#counts[row * countsWidth + at] ?? 0;
  }

  #number(row: number, at: number): number {
    return this.#scores[row * scoresWidth + at] ?? NaN;
  }

  #set(row: number, at: number, value: number): void {
    if (this.#scores.length === 0) this.#scores = new Float64Array(this.#lines.length * scoresWidth).fill(NaN);
    this.#scores[row * scoresWidth + at] = value;
  }

  #nameOf(name: string): number {
    const known = this.#names.indexOf(name);
    return known >= 0 ? known : this.#names.push(name) - 1;
  }

  #make(key: string): number {
    const row = this.#free.pop() ?? this.#rows.size;
    if (row >= this.#lines.length) this.#grow(Math.ceil(row * 1.5) + 64);
    this.#rows.set(key, row);
    return row;
  }

  #empty(row: number): void {
    this.#scores.fill(NaN, row * scoresWidth, (row + 1) * scoresWidth);
    this.#lines[row] = 0;
    this.#before[row] = 0;
    this.#tokenizers[row] = 0;
    this.#losses[row] = 0;
    this.#rewards[row] = 0;
    this.#lossReasons.delete(row);
    this.#rewardReasons.delete(row);
  }

  #grow(rows: number): void {
    if (this.#scores.length > 0) this.#scores = longer(this.#scores, new Float64Array(rows * scoresWidth).fill(NaN));
    this.#counts = longer(this.#counts, new Uint32Array(rows * countsWidth));
    this.#lines = longer(this.#lines, new Int32Array(rows));
    this.#before = longer(this.#before, new Int32Array(rows));
    this.#tokenizers = longer(this.#tokenizers, new Uint16Array(rows));
    this.#losses = longer(this.#losses, new Uint16Array(rows));
    this.#rewards = longer(this.#rewards, new Uint16Array(rows));
  }
}

function longer<T extends Int32Array | Uint16Array | Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function setReason(reasons: Map<number, string>, row: number, reason: string | undefined): void {
  if (reason === undefined) reasons.delete(row);
  else reasons.set(row, reason);
}
