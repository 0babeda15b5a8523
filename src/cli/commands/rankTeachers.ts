import { existsSync } from 'node:fs';
import path from 'node:path';
import { renderRanking } from '../../core/teachers/rankingReport';
import type { TeacherSource } from '../../core/teachers/teacherSource';
import { rankTeacherFiles } from '../../engine/operations/rankTeacherFiles';
import { exitCode, UsageError } from '../exit';
import { addScoringOptions, confirmPaid, scoringSession, type ScoringOptions } from '../scoringOptions';
import { withEngine } from '../session';
import { print, printJson, progressLine } from '../writers';
import type { AddCommand } from './command';

interface RankCommandOptions extends ScoringOptions {
  readonly json?: boolean;
}

export const addRankTeachers: AddCommand = (program, { terminal, signal, finish }) => {
  addScoringOptions(program.command('rank-teachers'))
    .description('Compare teachers on the instructions that all of them answered, best CAR first')
    .argument('<file...>', 'a dataset a teacher, named by its stem, or NAME=FILE; TEACHER@FILE for what a teacher has proposed for FILE')
    .option('--json', 'print one JSON object')
    .action(async (files: readonly string[], options: RankCommandOptions) => {
      const sources = files.map(teacherSource);
      const twice = sources.find(({ name }, index) => sources.findIndex((other) => other.name === name) !== index);
      if (twice) throw new UsageError(`Two files go by the name "${twice.name}"; give one another name with NAME=FILE.`);
      const progress = progressLine(terminal.err, 'Teachers');
      await withEngine(await scoringSession(options), async (engine) => {
        const ranking = await rankTeacherFiles(engine, sources, {
          beta: options.beta,
          offset: options.carOffset,
          signal,
          confirmPaid: confirmPaid(options),
          onProgress: (done, total, share) => progress.update(done, total, share),
        }).finally(() => progress.end());
        const { loss, reward } = await engine.scorers();
        const scorers = { loss: loss.id, reward: reward.id };
        if (options.json) await printJson(terminal.out, { ...ranking, scorers });
        else await print(terminal.out, renderRanking(ranking, scorers));
        finish(exitCode.done);
      });
    });
};

/** A file that is there is meant as it is, whatever signs its name holds. */
function teacherSource(argument: string): TeacherSource {
  const [, name, file] = /^([^=/\\]+)=(.+)$/.exec(argument) ?? [];
  const [, teacher, dataset] = /^([^@/\\]+)@(.+)$/.exec(argument) ?? [];
  if (!existsSync(argument)) {
    if (name && file) return { name, path: file };
    if (teacher && dataset) return { name: teacher, path: dataset, proposedBy: teacher };
  }
  return { name: path.basename(argument).replace(/\.(jsonl|ndjson|json)$/i, ''), path: argument };
}
