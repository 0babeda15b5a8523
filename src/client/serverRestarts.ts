import { errorMessage } from '../base/errorMessage';

/** The server is started again this often within the time below; a file that makes it stop each time must not do so for ever. */
const restartsAtMost = 4;
const withinMs = 3 * 60_000;

/** Whether a server that stopped by itself is started again. */
export class ServerRestarts {
  #stops: number[] = [];

  /** @param now milliseconds. Gives what to tell the person when it is left off. */
  stopped(now: number): { readonly restart: boolean; readonly message: string } {
    this.#stops = [...this.#stops.filter((before) => now - before < withinMs), now];
    if (this.#stops.length <= restartsAtMost) return { restart: true, message: 'The language server stopped and is started again. What was finished is kept.' };
    return {
      restart: false,
      message: `Cupel's language server stopped ${this.#stops.length} times within three minutes and is left off. Your files and all finished scores are safe. Close the file that was opened last and reload the window to start it again.`,
    };
  }
}

/** Codes of `vscode-jsonrpc` for a connection that is no longer there: not written, not read, not answered, not listening. */
const lostCodes: readonly unknown[] = [-32099, -32098, -32097, -32096];

/** A request that failed because the server stopped, in words for a person; other errors as they are. */
export function explainLostServer(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (!lostCodes.includes(code)) return error;
  return new Error('the language server stopped meanwhile. What was finished is kept; run the command again to go on.', { cause: errorMessage(error) });
}
