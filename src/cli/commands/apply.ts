import { readFile } from 'node:fs/promises';
import { errorMessage } from '../../base/errorMessage';
import type { Proposal } from '../../core/proposals/proposal';
import { assertOtherFile } from '../../engine/files/sameFile';
import { applyProposals } from '../../engine/operations/applyProposals';
import { parseProposal } from '../../engine/proposals/proposalSchema';
import { exitCode, UsageError } from '../exit';
import type { AddCommand } from './command';

export const addApply: AddCommand = (program, { terminal, signal, finish }) => {
  program
    .command('apply')
    .description('Put proposed responses into their lines; every other byte stays')
    .argument('<file>', 'the dataset')
    .argument('<proposals>', 'a file that `cupel regenerate` wrote')
    .option('--out <path>', 'write here instead of into the dataset')
    .action(async (file: string, proposalsFile: string, options: { out?: string }) => {
      await assertOtherFile(options.out ?? file, proposalsFile);
      const proposals = await readProposals(proposalsFile);
      const report = await applyProposals({ file, proposals, ...(options.out && { out: options.out }), signal });
      for (const { line, teacher } of report.notFound) {
        terminal.err.write(`${file}: the record that was on line ${line} has changed or is gone; ${teacher}'s response was not applied\n`);
      }
      for (const { line, teacher } of report.superseded) {
        terminal.err.write(`${file}: line ${line}: ${teacher}'s response was not applied, because a later proposal is for the same record\n`);
      }
      terminal.err.write(`${report.applied} responses applied to ${options.out ?? file}\n`);
      finish(report.notFound.length + report.superseded.length > 0 ? exitCode.findings : exitCode.done);
    });
};

async function readProposals(file: string): Promise<readonly Proposal[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${errorMessage(error)}`);
  }
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const parsed = parseProposal(line);
    if (!parsed.ok) throw new UsageError(`${file}:${index + 1}: ${parsed.reason}. Nothing was applied.`);
    return [parsed.value];
  });
}
