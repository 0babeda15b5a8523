import { randomUUID } from 'node:crypto';
import { CancellationTokenSource, ProgressLocation, window, type CancellationToken, type Progress } from 'vscode';
import type { Requests } from '../protocol/lsp';
import { isCancellation, type LanguageServer, type LongMethod } from './languageServer';

/** What takes longer than this is shown. */
const lateMs = 400;

/** Long requests: each under a notification that shows its progress and can cancel it. */
export class Operations {
  readonly #server: LanguageServer;

  constructor(server: LanguageServer) {
    this.#server = server;
  }

  /** The server's answer, or undefined when the person cancelled and the server had nothing to hand out. */
  async run<M extends LongMethod>(title: string, method: M, params: Omit<Requests[M]['params'], 'workDoneToken'>): Promise<Requests[M]['result'] | undefined> {
    const workDoneToken = randomUUID();
    return window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (progress, token) =>
      this.#following(workDoneToken, progress, () => this.#send(method, { ...params, workDoneToken } as Requests[M]['params'], token)),
    );
  }

  /** The same for work that is mostly done at once: the notification comes only when it is not. */
  async runLate<M extends LongMethod>(title: string, method: M, params: Omit<Requests[M]['params'], 'workDoneToken'>): Promise<Requests[M]['result'] | undefined> {
    const workDoneToken = randomUUID();
    const cancellation = new CancellationTokenSource();
    const working = this.#send(method, { ...params, workDoneToken } as Requests[M]['params'], cancellation.token);
    const notified = setTimeout(() => {
      void window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
        token.onCancellationRequested(() => cancellation.cancel());
        // Whoever asked hears of a failure.
        await Promise.allSettled([this.#following(workDoneToken, progress, () => working)]);
      });
    }, lateMs);
    try {
      return await working;
    } finally {
      clearTimeout(notified);
      cancellation.dispose();
    }
  }

  /** Undefined when it was cancelled and the server had nothing to hand out. */
  async #send<M extends LongMethod>(method: M, params: Requests[M]['params'], token: CancellationToken): Promise<Requests[M]['result'] | undefined> {
    try {
      return await this.#server.request(method, params, token);
    } catch (error) {
      if (token.isCancellationRequested && isCancellation(error)) return undefined;
      throw error;
    }
  }

  /** Shows what the server reports while the work goes on. */
  async #following<T>(workDoneToken: string, progress: Progress<{ message?: string; increment?: number }>, work: () => Promise<T>): Promise<T> {
    let shown = 0;
    const reports = this.#server.onProgress(workDoneToken, ({ message, percentage = shown }) => {
      progress.report({ ...(message !== undefined && { message }), increment: Math.max(0, percentage - shown) });
      shown = Math.max(shown, percentage);
    });
    try {
      return await work();
    } finally {
      reports.dispose();
    }
  }
}
