import { commands, type Disposable } from 'vscode';
import { isCancellation } from '../languageServer';
import type { Messages } from '../messages';

/** A command of the palette. What it resolves to is for key bindings and tests; people see messages and editors. */
export interface Command {
  readonly id: string;
  /** What could not be done when it throws: `Scoring failed`. */
  readonly failure: string;
  run(argument: unknown): Promise<unknown>;
}

/** Registers a command so that every failure is shown with its reason. */
export function registerCommand(command: Command, messages: Messages): Disposable {
  return commands.registerCommand(command.id, async (argument: unknown) => {
    try {
      return await command.run(argument);
    } catch (error) {
      if (!isCancellation(error)) messages.failure(command.failure, error);
      return undefined;
    }
  });
}
