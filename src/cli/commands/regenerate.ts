import type { ProposalMode } from '../../core/proposals/proposal';
import { isLocalHost } from '../../core/teachers/localHost';
import type { TeacherConfig } from '../../core/teachers/teacher';
import { writeAtomically } from '../../engine/files/atomicWrite';
import { assertOtherFile } from '../../engine/files/sameFile';
import { planProposals, type PlannedRun } from '../../engine/operations/planProposals';
import { exitCode, UsageError } from '../exit';
import { lineList } from '../options';
import { withEngine } from '../session';
import { findTeacher } from '../teacherOption';
import { progressLine } from '../writers';
import type { AddCommand } from './command';

interface RegenerateCommandOptions {
  readonly teacher: string;
  readonly out: string;
  readonly lines?: ReadonlySet<number>;
  readonly mode: string;
  readonly settings?: string;
  readonly apiKeyEnv?: string;
  readonly yes?: boolean;
}

export const addRegenerate: AddCommand = (program, { terminal, signal, finish }) => {
  program
    .command('regenerate')
    .description('Ask a teacher for new responses; proposals are written to a file and change nothing')
    .argument('<file>', 'a JSONL dataset')
    .requiredOption('--teacher <id>', 'FILE.jsonl, URL#MODEL, or an id from cupel.teachers in the settings file')
    .requiredOption('--out <path>', 'where to write the proposals, one JSON object a line')
    .option('--lines <list>', 'only these lines, such as 3,10-20', lineList)
    .option('--mode <mode>', 'regenerate, or refine the present response', 'regenerate')
    .option('--settings <path>', 'settings file with cupel.teachers (default .vscode/settings.json)')
    .option('--api-key-env <name>', 'environment variable that holds the key of a URL#MODEL teacher')
    .option('--yes', 'go ahead with a server that is not on this machine')
    .action(async (file: string, options: RegenerateCommandOptions) => {
      const mode = modeOf(options.mode);
      const teacher = await findTeacher(options.teacher, options);
      await assertOtherFile(options.out, file, ...(teacher.kind === 'file' ? [teacher.path] : []));
      const plan = await planProposals({ file, ...(options.lines && { lines: options.lines }), signal });
      for (const { line, reason } of plan.skipped) terminal.err.write(`${file}:${line}: skipped: ${reason}\n`);
      if (plan.requests.length === 0) throw new UsageError(`${file} holds no record to ask about${options.lines ? ' on these lines' : ''}.`);
      confirm(teacher, plan, options.yes ?? false);

      const progress = progressLine(terminal.err, `Asking ${teacher.id}`);
      const proposals = await withEngine({ teachers: [teacher] }, (engine) =>
        engine.propose({ requests: plan.requests, teacher: teacher.id, mode, signal, onProgress: (done, total) => progress.update(done, total) }),
      ).finally(() => progress.end());
      await writeAtomically(options.out, proposals.map((proposal) => `${JSON.stringify(proposal)}\n`));

      const failed = proposals.filter(({ status }) => status === 'failed');
      for (const { line, reason } of failed) terminal.err.write(`${file}:${line}: failed: ${reason ?? 'no reason given'}\n`);
      terminal.err.write(`${proposals.length - failed.length} proposals and ${failed.length} failures written to ${options.out}\n`);
      finish(failed.length > 0 || plan.skipped.length > 0 ? exitCode.findings : exitCode.done);
    });
};

function modeOf(mode: string): ProposalMode {
  if (mode === 'regenerate' || mode === 'refine') return mode;
  throw new UsageError(`There is no mode "${mode}". Known: regenerate, refine.`);
}

/** Nothing that may cost money starts without a yes. */
function confirm(teacher: TeacherConfig, plan: PlannedRun, yes: boolean): void {
  if (teacher.kind === 'file' || yes) return;
  const { hostname, host } = new URL(teacher.baseUrl);
  if (isLocalHost(hostname)) return;
  throw new UsageError(
    `This asks ${teacher.model} at ${host} for ${plan.requests.length} responses (about ${plan.promptTokens} prompt tokens, and as many completion tokens as it writes), which may cost money. Add --yes to go ahead.`,
  );
}
