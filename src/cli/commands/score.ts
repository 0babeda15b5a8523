import { Option } from 'commander';
import { metrics, needsLoss, needsReward, scoreIds, type Metric, type ScoreId, type ScoreSet } from '../../core/scores/catalogue';
import { writeAtomically } from '../../engine/files/atomicWrite';
import { assertOtherFile } from '../../engine/files/sameFile';
import { scoreFile, type ScoredLine, type ScoredRecord } from '../../engine/operations/scoreFile';
import { exitCode } from '../exit';
import { metricList, shard, tokenizerName } from '../options';
import { addScoringOptions, confirmPaid, scoringSession, type ScoringOptions } from '../scoringOptions';
import { withEngine } from '../session';
import { gathered, print, progressLine } from '../writers';
import type { AddCommand } from './command';

interface ScoreCommandOptions extends ScoringOptions {
  readonly metrics: ReadonlySet<Metric>;
  readonly out: string;
  readonly shard?: { readonly index: number; readonly count: number };
  readonly tokenizer: string;
}

export const addScore: AddCommand = (program, { terminal, signal, finish }) => {
  addScoringOptions(program.command('score'))
    .description('Score every record; one JSON object a line, in file order')
    .argument('<file>', 'a JSONL dataset')
    .addOption(new Option('--metrics <list>', metrics.join(', ')).argParser(metricList).default(new Set(metrics), 'all'))
    .option('--out <path>', 'where to write; - is standard output', '-')
    .option('--tokenizer <name>', 'vocabulary of length.tokens', tokenizerName, 'o200k_base')
    .option('--shard <i/n>', 'score only the i-th of n parts', shard)
    .option('--resume', 'kept for scripts: finished work is always found again')
    .action(async (file: string, options: ScoreCommandOptions) => {
      if (options.out !== '-') await assertOtherFile(options.out, file);
      const progress = progressLine(terminal.err, 'Scoring');
      const scored = await withEngine({ ...(await scoringSession(options)), tokenizer: options.tokenizer }, (engine) =>
        scoreFile(engine, file, {
          metrics: options.metrics,
          beta: options.beta,
          offset: options.carOffset,
          ...(options.shard && { shard: options.shard }),
          signal,
          confirmPaid: confirmPaid(options),
          onProgress: (done, total, share) => progress.update(done, total, share),
        }),
      ).finally(() => progress.end());

      const ids = idsOf(options.metrics);
      const rows = gathered(rowsOf(scored.lines, ids, options.metrics));
      if (options.out === '-') for (const text of rows) await print(terminal.out, text);
      else await writeAtomically(options.out, rows);

      const invalid = scored.lines.filter((line) => line.status === 'invalid').length;
      if (invalid > 0) terminal.err.write(`${file}: ${invalid} of ${scored.lines.length} lines are no records; run "cupel check" to see why.\n`);
      finish(invalid > 0 ? exitCode.findings : exitCode.done);
    });
};

const idsByMetric: Readonly<Record<Metric, readonly ScoreId[]>> = {
  length: ['length.words', 'length.tokens', 'length.chars'],
  ifd: ['ifd.ppl', 'ifd.loss', 'loss.cond', 'loss.direct', 'loss.prompt'],
  icIfd: ['icIfd', 'loss.cond', 'loss.direct', 'loss.prompt'],
  reward: ['reward'],
  car: ['car', 'reward', 'loss.cond'],
};

function idsOf(metrics: ReadonlySet<Metric>): readonly ScoreId[] {
  const wanted = new Set([...metrics].flatMap((metric) => idsByMetric[metric]));
  return scoreIds.filter((id) => wanted.has(id));
}

/** Made as they are written: all rows together are larger than the file. */
function* rowsOf(lines: readonly ScoredLine[], ids: readonly ScoreId[], metrics: ReadonlySet<Metric>): Generator<string> {
  for (const line of lines) yield `${JSON.stringify(row(line, ids, metrics))}\n`;
}

function row(line: ScoredLine, ids: readonly ScoreId[], metrics: ReadonlySet<Metric>): object {
  if (line.status === 'invalid') return { line: line.line, status: 'invalid', reason: line.problem.message };
  const [first, ...others] = line.exchanges;
  const head = { line: line.line, key: line.key, promptKey: line.promptKey, status: 'ok' };
  if (!first) return { ...head, scores: {}, undefined: Object.fromEntries(ids.map((id) => [id, 'the record has no response'])), scorers: {} };
  return {
    ...head,
    ...pick(first.scores, ids),
    scorers: scorersOf(line, metrics),
    ...(others.length > 0 && {
      exchange: first.name,
      candidates: others.map(({ name, key, scores }) => ({ name, key, ...pick(scores, ids) })),
    }),
  };
}

function pick(set: ScoreSet, ids: readonly ScoreId[]): { scores: object; undefined: object } {
  const only = <T>(values: Readonly<Partial<Record<ScoreId, T>>>) =>
    Object.fromEntries(ids.flatMap((id) => (values[id] === undefined ? [] : [[id, values[id]]])));
  return { scores: only(set.values), undefined: only(set.undefined) };
}

function scorersOf(line: ScoredRecord, metrics: ReadonlySet<Metric>): object {
  const { loss, reward } = line.exchanges[0]?.scores.scorers ?? {};
  return { ...(needsLoss(metrics) && loss && { loss }), ...(needsReward(metrics) && reward && { reward }) };
}
