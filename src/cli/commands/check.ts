import type { LineFinding } from '../../core/trainers/trainer';
import { trainers } from '../../core/trainers/trainers';
import { checkDataset } from '../../engine/operations/checkDataset';
import { exitCode, UsageError } from '../exit';
import { gathered, print } from '../writers';
import type { AddCommand } from './command';

export const addCheck: AddCommand = (program, { terminal, signal, finish }) => {
  const known = trainers.map(({ id }) => id).join(', ');
  program
    .command('check')
    .description('Say what a trainer would reject or silently lose')
    .argument('<file>', 'a JSONL dataset')
    .requiredOption('--trainer <name>', known)
    .option('--json', 'print one finding a line')
    .action(async (file: string, options: { trainer: string; json?: boolean }) => {
      if (!trainers.some(({ id }) => id === options.trainer)) throw new UsageError(`There is no trainer profile "${options.trainer}". Known: ${known}.`);
      const findings = await checkDataset({ file, trainer: options.trainer, signal });
      for (const text of gathered(linesOf(findings, options.json ? undefined : file))) await print(terminal.out, text);
      const errors = findings.filter(({ severity }) => severity === 'error').length;
      terminal.err.write(`${options.trainer}: ${errors} errors, ${findings.length - errors} warnings\n`);
      finish(errors > 0 ? exitCode.findings : exitCode.done);
    });
};

/** For people with the file's name; without it as JSON. */
function* linesOf(findings: readonly LineFinding[], file: string | undefined): Generator<string> {
  for (const finding of findings) yield file === undefined ? `${JSON.stringify(finding)}\n` : `${file}:${describe(finding)}\n`;
}

function describe({ line, severity, rule, message }: LineFinding): string {
  return `${line}: ${severity} ${rule}: ${message}`;
}
