import type { Command } from 'commander';
import type { ExitCode } from '../exit';
import type { Terminal } from '../writers';

/** What a command gets from the process it runs in. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Aborted by Ctrl+C: what was finished is kept. */
  readonly signal: AbortSignal;
  /** Says how the command ended; the process leaves with the code. */
  readonly finish: (code: ExitCode) => void;
}

/** Adds one command to the program. */
export type AddCommand = (program: Command, context: CommandContext) => void;
