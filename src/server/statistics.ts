import { car, carOffset, type CarOffsetMode } from '../core/scores/car';
import { scoreIds, type Measurement, type ScoreId, type ScoreSet } from '../core/scores/catalogue';
import { deriveScores } from '../core/scores/derive';
import { Measurements } from './measurements';
import { SortedValues } from './sortedValues';

export interface CarSettings {
  readonly beta: number;
  readonly offset: CarOffsetMode;
}

/**
 * What is known about the responses of an open file: each one's measurement, and every score's values in order. Kept up with
 * each line that is read, edited or measured. Only CAR is computed anew for all lines, when the lowest reward changes and
 * with it what is added to every reward.
 */
export class Statistics {
  readonly #measurements = new Measurements();
  readonly #values = new Map<ScoreId, SortedValues>(scoreIds.map((id) => [id, new SortedValues()]));
  #car: CarSettings;
  /** What was added to the rewards of the CAR values. */
  #carOffset: number | undefined = 0;
  #scored = 0;

  constructor(settings: CarSettings) {
    this.#car = settings;
  }

  /** Lines with a reward and a loss. */
  get scored(): number {
    return this.#scored;
  }

  /** Added to every reward before CAR; undefined when CAR cannot be computed. */
  get offset(): number | undefined {
    return carOffset([this.#values.get('reward')?.lowest ?? Infinity], this.#car.offset).offset;
  }

  /** Known values of a score, ascending, good until the next change; undefined until there are some. */
  distribution(id: ScoreId): ArrayLike<number> | undefined {
    if (id === 'car' && this.offset !== this.#carOffset) this.#computeCar();
    const sorted = this.#values.get(id)?.sorted;
    return sorted && sorted.length > 0 ? sorted : undefined;
  }

  scores(key: string): ScoreSet | undefined {
    const measurement = this.#measurements.get(key);
    return measurement && deriveScores(measurement, { beta: this.#car.beta, offset: this.offset });
  }

  measurement(key: string): Measurement | undefined {
    return this.#measurements.get(key);
  }

  tokenizer(key: string): string | undefined {
    return this.#measurements.tokenizer(key);
  }

  isScored(key: string): boolean {
    return this.#measurements.isScored(key);
  }

  /** A line has this response from now on, or shows its scores as those before an edit. */
  hold(key: string, as: 'line' | 'before'): void {
    this.#measurements.hold(key, as);
    if (as === 'line') this.#count(key, 1);
  }

  /** Ends one `hold`. */
  release(key: string, as: 'line' | 'before'): void {
    if (as === 'line') this.#count(key, -1);
    this.#measurements.release(key, as);
  }

  /** Takes in what was measured about a response. */
  learn(measurement: Measurement): void {
    const lines = this.#measurements.lines(measurement.key);
    this.#count(measurement.key, -lines);
    this.#measurements.learn(measurement);
    this.#count(measurement.key, lines);
  }

  /** Other settings for CAR. */
  configure(settings: CarSettings): void {
    const before = this.#car;
    this.#car = settings;
    if (settings.beta !== before.beta) this.#computeCar();
  }

  /** Forgets all that was measured. */
  forget(): void {
    this.#measurements.forget();
    for (const values of this.#values.values()) values.clear();
    this.#scored = 0;
  }

  #count(key: string, lines: number): void {
    const measurement = lines === 0 ? undefined : this.#measurements.get(key);
    if (!measurement) return;
    if (measurement.loss && measurement.reward) this.#scored += lines;
    const { values } = deriveScores(measurement, { beta: this.#car.beta, offset: this.#carOffset });
    for (const id of scoreIds) {
      const value = values[id];
      const column = this.#values.get(id);
      if (value === undefined) continue;
      for (let count = Math.abs(lines); count > 0; count--) {
        if (lines > 0) column?.add(value);
        else column?.remove(value);
      }
    }
  }

  #computeCar(): void {
    const values = this.#values.get('car');
    const { offset } = this;
    this.#carOffset = offset;
    values?.clear();
    if (offset === undefined) return;
    for (const { reward, cond, lines } of this.#measurements.scored()) {
      const value = reward + offset < 0 ? NaN : car(reward + offset, cond, this.#car.beta);
      if (Number.isFinite(value)) for (let count = lines; count > 0; count--) values?.add(value);
    }
  }
}
