import type { CancellationToken, Disposable } from 'vscode';
import type { Requests } from '../protocol/lsp';

/** Requests whose progress can be followed with a token. */
export type LongMethod = { [M in keyof Requests]: 'workDoneToken' extends keyof Requests[M]['params'] ? M : never }[keyof Requests];

export interface ProgressReport {
  readonly message?: string;
  /** 0 to 100. */
  readonly percentage?: number;
}

/** The language server as the rest of the client sees it: Cupel's own requests, typed. */
export interface LanguageServer {
  /** Waits for the server to start when it has not yet. Rejects with the server's reason. */
  request<M extends keyof Requests>(method: M, params: Requests[M]['params'], token?: CancellationToken): Promise<Requests[M]['result']>;
  /** Has the server read the settings anew; requests sent after this see them. */
  settingsChanged(): Promise<void>;
  /** Reports that carry this `workDoneToken`, until disposed. */
  onProgress(workDoneToken: string, listener: (report: ProgressReport) => void): Disposable;
}

/** LSP's codes for a request that was cancelled by either side. */
const cancelledCodes: readonly unknown[] = [-32800, -32802];

/** True when a request ended because somebody cancelled it, not because something went wrong. */
export function isCancellation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'Canceled' || ('code' in error && cancelledCodes.includes(error.code));
}
