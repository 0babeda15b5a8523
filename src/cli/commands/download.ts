import { formatBytes } from '../../base/formatBytes';
import type { DownloadPlan } from '../../engine/hub/download';
import { askYesNo } from '../askYesNo';
import { exitCode, UsageError } from '../exit';
import { withEngine } from '../session';
import { print, printJson, progressLine } from '../writers';
import type { AddCommand } from './command';

export const addDownload: AddCommand = (program, { terminal, signal, finish }) => {
  program
    .command('download')
    .description('Fetch a model from the Hugging Face hub into the cache that Python uses too')
    .argument('<name>', 'as on the hub: gpt2, Qwen/Qwen2.5-0.5B')
    .option('--yes', 'fetch without asking')
    .option('--json', 'print the plan as one JSON object, and another that says where the model is')
    .action(async (name: string, options: { yes?: boolean; json?: boolean }) => {
      await withEngine({}, async (engine) => {
        const plan = await engine.planDownload(name, signal);
        if (options.json) await printJson(terminal.out, plan);
        else await print(terminal.out, describePlan(plan));
        const left = plan.bytes - plan.present;
        if (left > 0 && !options.yes && !(await isAgreed(left))) {
          terminal.err.write('Nothing was downloaded.\n');
          finish(exitCode.findings);
          return;
        }
        const progress = progressLine(terminal.err, `Downloading ${plan.name}, MB`);
        const onProgress = (done: number): void => {
          const came = Math.max(0, done - plan.present);
          progress.update(Math.round(came / 1e6), Math.round(left / 1e6), left === 0 ? 1 : came / left);
        };
        const model = await engine.downloadModel(plan, { signal, onProgress }).finally(() => progress.end());
        if (options.json) await printJson(terminal.out, model);
        else await print(terminal.out, `${model.name} is in ${model.folder}\n`);
      });
    });

  /** Nothing large is fetched without a yes. */
  const isAgreed = (bytes: number): Promise<boolean> => {
    if (!process.stdin.isTTY) throw new UsageError(`This downloads ${formatBytes(bytes)}. Add --yes to go ahead.`);
    return askYesNo(`Download ${formatBytes(bytes)}?`, { input: process.stdin, output: terminal.err, signal });
  };
};

function describePlan({ name, revision, licence, files, bytes, present, folder }: DownloadPlan): string {
  const width = Math.max(...files.map(({ path }) => path.length));
  const here = present === 0 ? '' : present === bytes ? ', all here already' : `, of which ${formatBytes(present)} are here already`;
  return [
    `${name} at revision ${revision.slice(0, 12)}, licence ${licence ?? 'not stated: see the page of the model'}`,
    ...files.map((file) => `  ${file.path.padEnd(width)}  ${formatBytes(file.bytes)}`),
    `${formatBytes(bytes)} in ${files.length} files${here}`,
    `into ${folder}`,
    '',
  ].join('\n');
}
