import type { ScoreId } from '../../core/scores/catalogue';
import { scoreDefinitions } from '../../core/scores/definitions';
import type { SelectionRule } from '../../core/selection/rule';
import { selectSubset } from '../../engine/operations/selectSubset';
import { exitCode, UsageError } from '../exit';
import { finiteNumber, scoreId, share, wholeNumber } from '../options';
import { addScoringOptions, confirmPaid, scoringSession, type ScoringOptions } from '../scoringOptions';
import { withEngine } from '../session';
import { progressLine } from '../writers';
import type { AddCommand } from './command';
import { reportWritten } from './reportWritten';

interface SelectCommandOptions extends ScoringOptions {
  readonly longest?: number;
  readonly top?: ScoreId;
  readonly random?: number;
  readonly lowest?: boolean;
  readonly below?: number;
  readonly above?: number;
  readonly count?: number;
  readonly rate?: number;
  readonly seed: number;
  readonly out: string;
  readonly json?: boolean;
}

export const addSelect: AddCommand = (program, { terminal, signal, finish }) => {
  addScoringOptions(program.command('select'))
    .description('Write the chosen lines byte for byte, in file order, with a manifest beside them')
    .argument('<file>', 'a JSONL dataset')
    .requiredOption('--out <path>', 'where to write the chosen lines')
    .option('--longest <k>', 'the k records with the most words', wholeNumber)
    .option('--top <score>', 'the best records by a score; with --rate or --count', scoreId)
    .option('--random <k>', 'k records at random', wholeNumber)
    .option('--lowest', 'with --top: the lowest instead of the highest')
    .option('--below <number>', 'with --top: only records strictly below', finiteNumber)
    .option('--above <number>', 'with --top: only records strictly above', finiteNumber)
    .option('--count <k>', 'with --top: how many', wholeNumber)
    .option('--rate <share>', 'with --top: floor(rate × all records)', share)
    .option('--seed <n>', 'with --random: the seed', wholeNumber, 0)
    .option('--json', 'print the report as JSON')
    .action(async (file: string, options: SelectCommandOptions) => {
      const progress = progressLine(terminal.err, 'Scoring');
      const report = await withEngine(await scoringSession(options), (engine) =>
        selectSubset(engine, {
          file,
          rule: ruleOf(options),
          out: options.out,
          beta: options.beta,
          offset: options.carOffset,
          signal,
          confirmPaid: confirmPaid(options),
          onProgress: (done, total, share) => progress.update(done, total, share),
        }),
      ).finally(() => progress.end());
      await reportWritten(terminal, report, options.json ?? false);
      finish(exitCode.done);
    });
};

function ruleOf(options: SelectCommandOptions): SelectionRule {
  const asked = [options.longest, options.top, options.random].filter((option) => option !== undefined).length;
  if (asked !== 1) throw new UsageError('Say how to choose with exactly one of --longest, --top, --random.');
  if (options.longest !== undefined) return { kind: 'longest', count: options.longest };
  if (options.random !== undefined) return { kind: 'random', count: options.random, seed: options.seed };
  const { top: score, below, above, count, rate } = options;
  if (score === undefined) throw new UsageError('--top needs a score.');
  if (count !== undefined && rate !== undefined) throw new UsageError('--count and --rate exclude each other.');
  const lowest = options.lowest ?? scoreDefinitions[score].direction === 'lower';
  return {
    kind: 'top',
    score,
    direction: lowest ? 'lowest' : 'highest',
    ...(below !== undefined && { below }),
    ...(above !== undefined && { above }),
    ...(count !== undefined && { count }),
    ...(rate !== undefined && { rate }),
  };
}
