import { exportFormats } from '../../core/exports/formats';
import { exportDataset } from '../../engine/operations/exportDataset';
import { exitCode, UsageError } from '../exit';
import { progressLine } from '../writers';
import type { AddCommand } from './command';
import { reportWritten } from './reportWritten';

export const addExport: AddCommand = (program, { terminal, signal, finish }) => {
  const known = exportFormats.map(({ id }) => id).join(', ');
  program
    .command('export')
    .description('Write a dataset in the form that a trainer reads, with a manifest beside it')
    .argument('<file>', 'a JSONL dataset')
    .requiredOption('--format <name>', known)
    .requiredOption('--out <path>', 'where to write')
    .option('--json', 'print the report as JSON')
    .action(async (file: string, options: { format: string; out: string; json?: boolean }) => {
      if (!exportFormats.some(({ id }) => id === options.format)) throw new UsageError(`There is no format "${options.format}". Known: ${known}.`);
      const progress = progressLine(terminal.err, 'Exporting');
      const report = await exportDataset({ file, format: options.format, out: options.out, signal, onProgress: (done) => progress.update(done) }).finally(() =>
        progress.end(),
      );
      await reportWritten(terminal, report, options.json ?? false);
      finish(report.written < report.total ? exitCode.findings : exitCode.done);
    });
};
