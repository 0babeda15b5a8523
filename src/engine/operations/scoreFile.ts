import type { DataRecord } from '../../core/record/conversation';
import type { InvalidLine } from '../../core/record/parseRecord';
import { carOffset, type CarOffsetMode } from '../../core/scores/car';
import type { Measurement, Metric, ScoreSet } from '../../core/scores/catalogue';
import { deriveScores } from '../../core/scores/derive';
import type { Engine, ScoreItem, ScoreRun, ScoreRunSummary } from '../engine';
import { readDataset } from '../files/dataset';
import { indexLines } from '../files/lineIndex';
import { scoreItem } from './scoreItem';
import { rememberVersion } from './unchanged';

/** How CAR is computed. */
export interface CarOptions {
  readonly beta: number;
  readonly offset: CarOffsetMode;
}

export interface ScoreFileOptions extends CarOptions, Pick<ScoreRun, 'confirmPaid'> {
  readonly metrics: ReadonlySet<Metric>;
  /** Only the i-th of n parts (1-based): records are dealt out in turn, lines keep their numbers. */
  readonly shard?: { readonly index: number; readonly count: number };
  readonly signal?: AbortSignal;
  /** Lines done of the file's, and which share of the work that is, by bytes. */
  readonly onProgress?: (done: number, total: number, share: number) => void;
}

/** A non-empty line of a dataset with what was measured: no text is kept, so a large file stays cheap. */
export type ScoredLine = InvalidScoredLine | ScoredRecord;

export interface InvalidScoredLine {
  readonly line: number;
  readonly status: 'invalid';
  readonly problem: InvalidLine;
}

export interface ScoredRecord {
  readonly line: number;
  readonly status: 'ok';
  readonly shape: DataRecord['shape'];
  readonly key: string;
  readonly promptKey: string;
  /** In the record's order; the first is the one that stands for the record. Empty when nothing answers the prompt. */
  readonly exchanges: readonly ScoredExchange[];
}

export interface ScoredExchange {
  readonly name: string;
  readonly key: string;
  readonly measurement: Measurement;
  readonly scores: ScoreSet;
}

export interface ScoredFile extends ScoreRunSummary {
  readonly lines: readonly ScoredLine[];
  /** Ids of what measured losses and rewards, where it did. */
  readonly scorers: { readonly loss?: string; readonly reward?: string };
  /** What was added to every reward before CAR; undefined when CAR is undefined because rewards are negative. */
  readonly offset: number | undefined;
}

/** Records handed to the engine at once: bounds the text in memory. */
const chunkSize = 8192;

type MeasuredLine = InvalidScoredLine | (Omit<ScoredRecord, 'exchanges'> & { readonly exchanges: readonly { readonly name: string; readonly key: string }[] });

/**
 * Scores every record of a dataset file, in file order.
 *
 * @throws DatasetError when the file cannot be read or changes meanwhile; the signal's reason when aborted (what was finished is kept).
 */
export async function scoreFile(engine: Engine, file: string, options: ScoreFileOptions): Promise<ScoredFile> {
  const measured = new Map<string, Measurement>();
  const lines: MeasuredLine[] = [];
  let computed = 0;
  let reused = 0;
  let waiting = new Map<string, ScoreItem>();
  const assertUnchanged = await rememberVersion(file);
  const { count, starts } = await indexLines(file, { signal: options.signal });
  const bytesBefore = (line: number) => (starts[Math.min(line, count)] ?? 0) / Math.max(1, starts[count] ?? 0);
  let finished = 0;

  /** Scores what the lines up to `read` hold and nobody has scored yet. */
  const flush = async (read: number) => {
    const summary = await engine.score({
      items: [...waiting.values()],
      metrics: options.metrics,
      ...(options.signal && { signal: options.signal }),
      ...(options.confirmPaid && { confirmPaid: options.confirmPaid }),
      onMeasured: (batch) => {
        for (const measurement of batch) measured.set(measurement.key, measurement);
      },
      onProgress: (done, total, share) =>
        options.onProgress?.(Math.floor(finished + ((read - finished) * done) / total), count, bytesBefore(finished) + (bytesBefore(read) - bytesBefore(finished)) * share),
    });
    finished = read;
    computed += summary.computed;
    reused += summary.reused;
    waiting = new Map();
  };

  const shared = sharing();
  let ordinal = 0;
  for await (const { number, parsed } of readDataset(file, options.signal)) {
    if (parsed.status === 'empty') continue;
    const mine = !options.shard || ordinal % options.shard.count === options.shard.index - 1;
    ordinal += 1;
    if (!mine) continue;
    if (parsed.status === 'invalid') {
      lines.push({ line: number, status: 'invalid', problem: shared(parsed) });
      continue;
    }
    const { record } = parsed;
    lines.push({
      line: number,
      status: 'ok',
      shape: record.shape,
      key: record.key,
      promptKey: record.promptKey,
      exchanges: record.exchanges.map(({ name, key }) => ({ name, key })),
    });
    for (const exchange of record.exchanges) {
      if (!measured.has(exchange.key)) waiting.set(exchange.key, scoreItem(exchange));
    }
    if (waiting.size >= chunkSize) await flush(number);
  }
  if (waiting.size > 0) await flush(count);
  await assertUnchanged();

  const rewards = [...measured.values()].flatMap((measurement) => measurement.reward?.value ?? []);
  const { offset } = carOffset(rewards, options.offset);
  return { computed, reused, offset, scorers: scorersOf(measured.values()), lines: lines.map((line) => withScores(line, measured, options.beta, offset)) };
}

/** Gives lines that follow each other and are invalid in one way, which may be millions, one object. */
function sharing(): (problem: InvalidLine) => InvalidLine {
  let last: InvalidLine | undefined;
  return (problem) => {
    if (last?.message !== problem.message || last.rule !== problem.rule || last.span?.start !== problem.span?.start || last.span?.end !== problem.span?.end) last = problem;
    return last;
  };
}

function scorersOf(measurements: Iterable<Measurement>): ScoredFile['scorers'] {
  let scorers: ScoredFile['scorers'] = {};
  for (const { loss, reward } of measurements) {
    scorers = { ...(loss && { loss: loss.scorer }), ...(reward && { reward: reward.scorer }) };
    if (loss ?? reward) break;
  }
  return scorers;
}

function withScores(line: MeasuredLine, measured: ReadonlyMap<string, Measurement>, beta: number, offset: number | undefined): ScoredLine {
  if (line.status === 'invalid') return line;
  const exchanges = line.exchanges.map(({ name, key }) => {
    const measurement = measured.get(key) ?? { key };
    return { name, key, measurement, scores: deriveScores(measurement, { beta, offset }) };
  });
  return { ...line, exchanges };
}
