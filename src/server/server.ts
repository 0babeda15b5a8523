import { CodeActionKind, TextDocumentSyncKind, type Connection, type InitializeResult, type ServerCapabilities } from 'vscode-languageserver';
import { version } from '../base/version';
import { initializationSchema } from '../protocol/initialization';
import { filePath } from './filePath';
import { Session, type ServerPlaces } from './session';

/** Serves one editor over `connection` until it shuts down. */
export function startServer(connection: Connection, places: ServerPlaces): void {
  let session: Session | undefined;
  connection.onInitialize(({ capabilities: editor, initializationOptions, workspaceFolders }): InitializeResult => {
    const options = initializationSchema.safeParse(initializationOptions ?? {});
    if (!options.success) connection.console.warn(`initializationOptions are not understood and left out: ${options.error.message}`);
    const folder = workspaceFolders?.find(({ uri }) => uri.startsWith('file:'))?.uri;
    session = new Session({ connection, editor, options: options.data ?? {}, places, workspaceFolder: folder === undefined ? undefined : filePath(folder) });
    return { capabilities, serverInfo: { name: 'Cupel', version } };
  });
  connection.onInitialized(() => session?.start());
  connection.onShutdown(() => session?.dispose());
  connection.listen();
}

const capabilities: ServerCapabilities = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  inlayHintProvider: true,
  hoverProvider: true,
  documentSymbolProvider: { label: 'Cupel' },
  codeActionProvider: { codeActionKinds: [CodeActionKind.Refactor] },
  diagnosticProvider: { identifier: 'cupel', interFileDependencies: false, workspaceDiagnostics: false },
};
