import { Command, CommanderError } from 'commander';
import { errorMessage } from '../base/errorMessage';
import { version } from '../base/version';
import { WriteError } from '../engine/files/atomicWrite';
import { DatasetError } from '../engine/files/dataset';
import { ScoringServerError } from '../engine/clients/scoring/scoringServerError';
import { HubError } from '../engine/hub/hubError';
import { MissingModelError } from '../engine/hub/missingModelError';
import { CheckpointError } from '../engine/inference/checkpoints/checkpointError';
import { ScorerError } from '../engine/inference/scorerError';
import { StoreError } from '../engine/store/storeError';
import { addApply } from './commands/apply';
import { addCheck } from './commands/check';
import { addDownload } from './commands/download';
import { addExport } from './commands/export';
import { addLsp } from './commands/lsp';
import { addRankTeachers } from './commands/rankTeachers';
import { addRegenerate } from './commands/regenerate';
import { addScore } from './commands/score';
import { addSelect } from './commands/select';
import { addStats } from './commands/stats';
import { exitCode, UsageError, type ExitCode } from './exit';
import type { Terminal } from './writers';

/** Errors whose message says all there is to say. */
const forPeople = [UsageError, DatasetError, WriteError, StoreError, ScorerError, MissingModelError, HubError, CheckpointError, ScoringServerError];

const commands = [addScore, addRankTeachers, addSelect, addCheck, addExport, addRegenerate, addApply, addStats, addDownload, addLsp];

/**
 * Runs one command line.
 *
 * @param argv what follows the program's name
 * @returns the exit code: 0 done, 1 findings or some records failed, 2 bad usage or unreadable input, 130 interrupted
 */
export async function runProgram(argv: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  let code: ExitCode = exitCode.done;
  const program = new Command('cupel')
    .description('Score, curate, regenerate and export instruction datasets')
    .version(version)
    .configureOutput({ writeOut: (text) => terminal.out.write(text), writeErr: (text) => terminal.err.write(text) })
    .exitOverride();
  for (const add of commands) add(program, { terminal, signal, finish: (ended) => (code = ended) });
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
    if (signal.aborted) {
      terminal.err.write('Interrupted. What was finished is kept; run the same command again to go on.\n');
      return exitCode.interrupted;
    }
    if (forPeople.some((kind) => error instanceof kind)) {
      terminal.err.write(`${errorMessage(error)}\n`);
      return exitCode.usage;
    }
    terminal.err.write(`cupel failed: ${error instanceof Error ? (error.stack ?? error.message) : errorMessage(error)}\n`);
    return exitCode.usage;
  }
}
