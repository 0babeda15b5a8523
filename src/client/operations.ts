import { randomUUID } from 'node:crypto';
import { ProgressLocation, window } from 'vscode';
import type { Requests } from '../protocol/lsp';
import { isCancellation, type LanguageServer, type LongMethod } from './languageServer';

/** Long requests: each under a notification that shows its progress and can cancel it. */
export class Operations {
  readonly #server: LanguageServer;

  constructor(server: LanguageServer) {
    this.#server = server;
  }

  /** The server's answer, or undefined when the person cancelled and the server had nothing to hand out. */
  async run<M extends LongMethod>(title: string, method: M, params: Omit<Requests[M]['params'], 'workDoneToken'>): Promise<Requests[M]['result'] | undefined> {
    const workDoneToken = randomUUID();
    return window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
      let shown = 0;
      const reports = this.#server.onProgress(workDoneToken, ({ message, percentage = shown }) => {
        progress.report({ ...(message !== undefined && { message }), increment: Math.max(0, percentage - shown) });
        shown = Math.max(shown, percentage);
      });
      try {
        return await this.#server.request(method, { ...params, workDoneToken } as Requests[M]['params'], token);
      } catch (error) {
        if (token.isCancellationRequested && isCancellation(error)) return undefined;
        throw error;
      } finally {
        reports.dispose();
      }
    });
  }
}
