import { LSPErrorCodes, ResponseError, type CancellationToken, type Connection, type WorkDoneProgressReporter } from 'vscode-languageserver';
import { errorMessage } from '../base/errorMessage';

/** Ends as the request's token does, or as the other signals do. */
export function signalOf(token: CancellationToken, ...others: readonly AbortSignal[]): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const controller = new AbortController();
  const cancel = () => controller.abort(new CancelledError());
  if (token.isCancellationRequested) cancel();
  const listener = token.onCancellationRequested(cancel);
  return { signal: AbortSignal.any([controller.signal, ...others]), dispose: () => listener.dispose() };
}

class CancelledError extends Error {
  override readonly name = 'CancelledError';

  constructor() {
    super('The request was cancelled.');
  }
}

/** What a request answers when it fails: its cancellation, or the reason in one sentence. */
export function responseError(error: unknown, token: CancellationToken): ResponseError {
  if (error instanceof ResponseError) return error as ResponseError;
  if (token.isCancellationRequested) return new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
  return new ResponseError(LSPErrorCodes.RequestFailed, errorMessage(error));
}

/** Shows the progress of a request that carries a token, or on a reporter of the server's own; at most every 100 ms. */
export class RequestProgress {
  readonly #reporter: WorkDoneProgressReporter;
  #last = 0;

  constructor(connection: Connection, shown: string | WorkDoneProgressReporter | undefined, title: string) {
    this.#reporter = typeof shown === 'object' ? shown : connection.window.attachWorkDoneProgress(shown);
    this.#reporter.begin(title, 0, undefined, true);
  }

  report(percent: number, message: string): void {
    const now = performance.now();
    if (now - this.#last < 100) return;
    this.#last = now;
    this.#reporter.report(Math.floor(percent), message);
  }

  done(): void {
    this.#reporter.done();
  }
}
