import { ErrorCodes, MessageType, ResponseError, ShowMessageNotification, type Connection, type ExecuteCommandParams, type WorkDoneProgressServerReporter } from 'vscode-languageserver';
import { z } from 'zod';
import { errorMessage } from '../base/errorMessage';
import type { Logger } from '../base/logger';
import { formatAmount } from '../core/scores/format';
import { serverCommandId } from '../protocol/commands';
import type { ScoreOutcome } from '../protocol/lsp';

export interface ServerCommandsDeps {
  readonly connection: Connection;
  readonly logger: Logger;
  readonly score: (about: { readonly uri: string; readonly lines?: readonly number[] }, progress: WorkDoneProgressServerReporter | undefined) => Promise<ScoreOutcome>;
}

const records = z.tuple([z.object({ uri: z.string(), lines: z.array(z.int().min(0)) })]);
const dataset = z.tuple([z.object({ uri: z.string() })]);

/**
 * `workspace/executeCommand`, for editors that have no commands of Cupel's own. The answer comes when the work has begun,
 * because editors give up a request after some seconds; how it went is a message, how far it is a progress of the server's own.
 */
export class ServerCommands {
  readonly #deps: ServerCommandsDeps;

  constructor(deps: ServerCommandsDeps) {
    this.#deps = deps;
  }

  /** @throws ResponseError for a command that does not exist or arguments that are not its own */
  execute({ command, arguments: given = [] }: ExecuteCommandParams): null {
    const known = Object.values<string>(serverCommandId);
    if (!known.includes(command)) throw new ResponseError(ErrorCodes.InvalidParams, `There is no command ${JSON.stringify(command)}. Known: ${known.join(', ')}.`);
    const about = command === serverCommandId.scoreRecords ? records.safeParse(given) : dataset.safeParse(given);
    if (!about.success) throw new ResponseError(ErrorCodes.InvalidParams, `${command} takes ${command === serverCommandId.scoreRecords ? '{ uri, lines }' : '{ uri }'} as its one argument.`);
    void this.#run(about.data[0]);
    return null;
  }

  async #run(about: { readonly uri: string; readonly lines?: readonly number[] }): Promise<void> {
    const { logger, score } = this.#deps;
    try {
      await this.#say(MessageType.Info, describe(await score(about, await this.#progress())));
    } catch (error) {
      logger.error('A command failed', { reason: errorMessage(error) });
      await this.#say(MessageType.Error, `Scoring did not come to its end: ${errorMessage(error)}`);
    }
  }

  /** What the person sees while the work goes on; the work itself does not need it. */
  async #progress(): Promise<WorkDoneProgressServerReporter | undefined> {
    try {
      return await this.#deps.connection.window.createWorkDoneProgress();
    } catch (error) {
      this.#deps.logger.warn('The editor shows no progress', { reason: errorMessage(error) });
      return undefined;
    }
  }

  async #say(type: MessageType, message: string): Promise<void> {
    try {
      await this.#deps.connection.sendNotification(ShowMessageNotification.type, { type, message: `Cupel: ${message}` });
    } catch (error) {
      this.#deps.logger.warn('A message could not be shown', { reason: errorMessage(error) });
    }
  }
}

function describe({ scored, reused, invalid, cancelled }: ScoreOutcome): string {
  if (cancelled) return 'scoring was cancelled. What was finished is kept.';
  const parts = [`${formatAmount(scored, 'response')} scored`];
  if (reused > 0) parts.push(`${formatAmount(reused, 'response')} known before`);
  if (invalid > 0) parts.push(`${formatAmount(invalid, 'line')} without a readable record`);
  return `${parts.join(', ')}.`;
}
