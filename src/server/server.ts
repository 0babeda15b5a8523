import { CodeActionKind, PositionEncodingKind, TextDocumentSyncKind, type Connection, type InitializeResult, type ServerCapabilities } from 'vscode-languageserver';
import { version } from '../base/version';
import { fixAllKind } from '../languageService/codeActions/repairRecords';
import { serverCommandId } from '../protocol/commands';
import { initializationSchema } from '../protocol/initialization';
import { filePath } from './filePath';
import { Session, type ServerPlaces } from './session';

/** Serves one editor over `connection` until it shuts down. */
export function startServer(connection: Connection, places: ServerPlaces): void {
  let session: Session | undefined;
  connection.onInitialize(({ capabilities: editor, initializationOptions, workspaceFolders }): InitializeResult => {
    const options = initializationSchema.safeParse(initializationOptions ?? {});
    if (!options.success) connection.console.warn(`initializationOptions are not understood and left out: ${options.error.message}`);
    const folders = (workspaceFolders ?? []).flatMap(({ uri }) => (uri.startsWith('file:') ? [filePath(uri)] : []));
    session = new Session({ connection, editor, options: options.data ?? {}, places, workspaceFolder: folders[0], workspaceFolders: folders });
    // An editor with Cupel's commands would be offered each of them twice.
    const executeCommandProvider = options.data?.commands === true ? undefined : { commands: Object.values(serverCommandId) };
    return { capabilities: { ...capabilities, ...(executeCommandProvider && { executeCommandProvider }) }, serverInfo: { name: 'Cupel', version } };
  });
  connection.onInitialized(() => session?.start());
  connection.onShutdown(() => session?.dispose());
  connection.listen();
}

const capabilities: ServerCapabilities = {
  positionEncoding: PositionEncodingKind.UTF16,
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  inlayHintProvider: true,
  hoverProvider: true,
  documentSymbolProvider: { label: 'Cupel' },
  definitionProvider: true,
  referencesProvider: { workDoneProgress: true },
  selectionRangeProvider: true,
  workspaceSymbolProvider: true,
  foldingRangeProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.Refactor, fixAllKind], resolveProvider: true },
  diagnosticProvider: { identifier: 'cupel', interFileDependencies: false, workspaceDiagnostics: true },
};
