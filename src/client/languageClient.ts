import { Uri, type CancellationToken, type ExtensionContext, type LogOutputChannel } from 'vscode';
import { CloseAction, DidChangeConfigurationNotification, ErrorAction, LanguageClient, RevealOutputChannelOn, TransportKind, WorkDoneProgress } from 'vscode-languageclient/node';
import { commandId } from '../protocol/commands';
import type { InitializationOptions } from '../protocol/initialization';
import type { ClientRequests, Notifications, Requests } from '../protocol/lsp';
import { pageScheme } from '../protocol/pageUri';
import type { LanguageServer } from './languageServer';
import { explainLostServer, ServerRestarts } from './serverRestarts';

/** The language of every dataset; VS Code itself declares it. */
export const datasetLanguage = 'jsonl';

/** The connection to the language server, not yet started. */
export function createLanguageClient(context: ExtensionContext, log: LogOutputChannel): LanguageClient {
  const shipped = (...path: string[]) => Uri.joinPath(context.extensionUri, ...path).fsPath;
  const initializationOptions: InitializationOptions = {
    storageDir: context.globalStorageUri.fsPath,
    modelsDir: shipped('models'),
    workerPath: shipped('dist', 'worker.cjs'),
    commands: true,
    teacherKeys: true,
  };
  const restarts = new ServerRestarts();
  return new LanguageClient(
    'cupel',
    'Cupel',
    { module: shipped('dist', 'server.cjs'), transport: TransportKind.ipc },
    {
      documentSelector: [
        { language: datasetLanguage, scheme: 'file' },
        { language: datasetLanguage, scheme: 'untitled' },
        { language: datasetLanguage, scheme: pageScheme },
      ],
      initializationOptions,
      outputChannel: log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue }),
        closed: () => {
          const { restart, message } = restarts.stopped(Date.now());
          log.warn(message);
          // A restart is not worth a notification: badges come back by themselves, commands say what happened to them.
          return restart ? { action: CloseAction.Restart, message, handled: true } : { action: CloseAction.DoNotRestart, message };
        },
      },
      diagnosticPullOptions: { onChange: true, onSave: true },
      // Hover cards hold dataset text: their links may start these commands and nothing else, and HTML is never rendered.
      markdown: { isTrusted: { enabledCommands: Object.values(commandId) }, supportHtml: false },
    },
  );
}

export function serverOf(client: LanguageClient): LanguageServer {
  return {
    // An absent token must not be passed: it would travel as a second parameter.
    request: async <M extends keyof Requests>(method: M, params: Requests[M]['params'], token?: CancellationToken): Promise<Requests[M]['result']> => {
      try {
        return await (token ? client.sendRequest<Requests[M]['result']>(method, params, token) : client.sendRequest<Requests[M]['result']>(method, params));
      } catch (error) {
        throw explainLostServer(error);
      }
    },
    settingsChanged: () => client.sendNotification(DidChangeConfigurationNotification.type, { settings: null }),
    onProgress: (workDoneToken, listener) =>
      client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
        if (value.kind !== 'end') listener(value);
      }),
  };
}

/** Answers a request of the server. */
export function answer<M extends keyof ClientRequests>(
  client: LanguageClient,
  method: M,
  handler: (params: ClientRequests[M]['params']) => Promise<ClientRequests[M]['result']>,
) {
  return client.onRequest(method, handler);
}

export function listen<M extends keyof Notifications>(client: LanguageClient, method: M, listener: (params: Notifications[M]) => void) {
  return client.onNotification(method, listener);
}
