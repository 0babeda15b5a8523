import { shapeTitle } from '../../core/record/shapes/shapes';
import { metrics, scoreIds, type ScoreId } from '../../core/scores/catalogue';
import { formatNumber } from '../../core/scores/format';
import { summarize, type Summary } from '../../core/scores/summary';
import { scoreFile, type ScoredRecord } from '../../engine/operations/scoreFile';
import { exitCode } from '../exit';
import { addScoringOptions, confirmPaid, scoringSession, type ScoringOptions } from '../scoringOptions';
import { withEngine } from '../session';
import { print, printJson, progressLine } from '../writers';
import type { AddCommand } from './command';

export const addStats: AddCommand = (program, { terminal, signal, finish }) => {
  addScoringOptions(program.command('stats'))
    .description('Count the records and their shapes and summarise every score')
    .argument('<file>', 'a JSONL dataset')
    .option('--json', 'print one JSON object')
    .action(async (file: string, options: ScoringOptions & { readonly json?: boolean }) => {
      const progress = progressLine(terminal.err, 'Scoring');
      const scored = await withEngine(await scoringSession(options), (engine) =>
        scoreFile(engine, file, {
          metrics: new Set(metrics),
          beta: options.beta,
          offset: options.carOffset,
          signal,
          confirmPaid: confirmPaid(options),
          onProgress: (done, total, share) => progress.update(done, total, share),
        }),
      ).finally(() => progress.end());

      const records = scored.lines.filter((line): line is ScoredRecord => line.status === 'ok');
      const stats = {
        records: records.length,
        invalid: scored.lines.length - records.length,
        shapes: countShapes(records),
        duplicates: records.length - new Set(records.map(({ key }) => key)).size,
        scores: summariesOf(records),
      };
      if (options.json) await printJson(terminal.out, stats);
      else await print(terminal.out, readable(stats));
      finish(exitCode.done);
    });
};

interface Stats {
  readonly records: number;
  readonly invalid: number;
  readonly duplicates: number;
  readonly shapes: Readonly<Record<string, number>>;
  readonly scores: Readonly<Partial<Record<ScoreId, Summary & { readonly undefined: number }>>>;
}

function countShapes(records: readonly ScoredRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { shape } of records) counts[shape] = (counts[shape] ?? 0) + 1;
  return counts;
}

function summariesOf(records: readonly ScoredRecord[]): Stats['scores'] {
  return Object.fromEntries(
    scoreIds.flatMap((id) => {
      const values = records.flatMap(({ exchanges }) => exchanges[0]?.scores.values[id] ?? []);
      const summary = summarize(values);
      return summary ? [[id, { ...summary, undefined: records.length - values.length }]] : [];
    }),
  );
}

function readable(stats: Stats): string {
  const shapes = Object.entries(stats.shapes).map(([shape, count]) => `${count} ${shapeTitle(shape as ScoredRecord['shape'])}`);
  const head = `${stats.records} records (${shapes.join(', ') || 'none'}) · ${stats.invalid} invalid line${stats.invalid === 1 ? '' : 's'} · ${stats.duplicates} exact duplicate${stats.duplicates === 1 ? '' : 's'}\n`;
  const rows = Object.entries(stats.scores).map(([id, { mean, min, p50, max, undefined: missing }]) =>
    [id.padEnd(14), ...[mean, min, p50, max].map((value) => formatNumber(value).padStart(8)), missing > 0 ? `  ${missing} undefined` : ''].join(' ').trimEnd(),
  );
  return `${head}\n${['score'.padEnd(14), ...['mean', 'min', 'median', 'max'].map((title) => title.padStart(8))].join(' ')}\n${rows.join('\n')}\n`;
}
