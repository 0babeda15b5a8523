import type { WriteReport } from '../../core/exports/writeReport';
import { assertOtherFile } from '../files/sameFile';
import type { Metric, ScoreId } from '../../core/scores/catalogue';
import type { SelectionRule } from '../../core/selection/rule';
import { selectRecords } from '../../core/selection/select';
import type { Engine, ScoreRun } from '../engine';
import { readDataset } from '../files/dataset';
import { scoreFile, type CarOptions, type ScoredRecord } from './scoreFile';
import { rememberVersion } from './unchanged';
import { writeWithManifest } from './writeWithManifest';

export interface SelectOptions extends CarOptions, Pick<ScoreRun, 'confirmPaid'> {
  readonly file: string;
  readonly rule: SelectionRule;
  readonly out: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, share: number) => void;
}

/**
 * Writes the chosen lines byte for byte, in file order, and a manifest beside them.
 *
 * @throws DatasetError when the file cannot be read or changes meanwhile; nothing is written then.
 */
export async function selectSubset(engine: Engine, options: SelectOptions): Promise<WriteReport> {
  const { file, rule, signal } = options;
  await assertOtherFile(options.out, file);
  const assertUnchanged = await rememberVersion(file);
  const scored = await scoreFile(engine, file, { ...options, metrics: metricsOf(rule) });
  const records = scored.lines.filter((line): line is ScoredRecord => line.status === 'ok');
  const invalid = scored.lines.length - records.length;
  const selection = selectRecords(
    rule,
    records.map((record) => ({ line: record.line, scores: record.exchanges[0]?.scores ?? noScores })),
  );
  const chosen = new Set(selection.chosen.map((index) => records[index]?.line));

  async function* chosenLines() {
    for await (const { number, bytes } of readDataset(file, signal)) if (chosen.has(number)) yield bytes;
    await assertUnchanged();
  }
  const metrics = metricsOf(rule);
  return writeWithManifest({
    input: file,
    out: options.out,
    format: 'lines',
    chunks: chosenLines(),
    counts: () => ({
      total: records.length,
      written: chosen.size,
      dropped: new Map([
        ['not a record', invalid],
        ['not chosen by the rule', records.length - chosen.size],
      ]),
    }),
    selection: { rule, steps: selection.steps, tieRule: selection.tieRule },
    scorers: {
      ...(metrics.has('length') && { tokenizer: engine.config.tokenizer }),
      ...scored.scorers,
    },
    ...(metrics.has('car') && { car: { beta: options.beta, offset: scored.offset } }),
  });
}

const noScores = { values: {}, undefined: {}, scorers: {} };

function metricsOf(rule: SelectionRule): ReadonlySet<Metric> {
  switch (rule.kind) {
    case 'longest':
      return new Set(['length']);
    case 'random':
      return new Set();
    case 'top':
      return new Set([metricOf(rule.score)]);
  }
}

/** The metric to ask for so that a score is measured. */
function metricOf(score: ScoreId): Metric {
  if (score.startsWith('length.')) return 'length';
  if (score === 'reward' || score === 'car' || score === 'icIfd') return score;
  return 'ifd';
}
