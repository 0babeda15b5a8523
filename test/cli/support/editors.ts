/** An editor as the server meets it. */
export interface ForeignEditor {
  readonly capabilities: object;
  /** Requests of the server that the editor answers, and how. */
  readonly answers?: Readonly<Record<string, (params: unknown) => unknown>>;
  readonly initializationOptions?: unknown;
  readonly workspaceFolders?: readonly { readonly uri: string; readonly name: string }[] | null;
}

const literals = (...kinds: string[]) => ({ codeActionLiteralSupport: { codeActionKind: { valueSet: kinds } } });

/** What Neovim 0.11, Helix 25 and Zed say of themselves, as far as it touches what Cupel does. */
export const editors: Readonly<Record<string, ForeignEditor>> = {
  Neovim: {
    capabilities: {
      general: { positionEncodings: ['utf-8', 'utf-16', 'utf-32'] },
      window: { workDoneProgress: true, showMessage: { messageActionItem: { additionalPropertiesSupport: true } }, showDocument: { support: true } },
      workspace: {
        applyEdit: true,
        configuration: true,
        didChangeConfiguration: { dynamicRegistration: false },
        didChangeWatchedFiles: { dynamicRegistration: false, relativePatternSupport: true },
        inlayHint: { refreshSupport: true },
        semanticTokens: { refreshSupport: true },
        symbol: { dynamicRegistration: false, symbolKind: { valueSet: [1, 2, 3, 15] } },
        workspaceEdit: { resourceOperations: ['rename', 'create', 'delete'] },
        workspaceFolders: true,
      },
      textDocument: {
        codeAction: { dynamicRegistration: true, dataSupport: true, isPreferredSupport: true, resolveSupport: { properties: ['edit', 'command'] }, ...literals('', 'quickfix', 'refactor', 'source') },
        diagnostic: { dynamicRegistration: false },
        documentSymbol: { hierarchicalDocumentSymbolSupport: true },
        hover: { dynamicRegistration: true, contentFormat: ['markdown', 'plaintext'] },
        inlayHint: { dynamicRegistration: true, resolveSupport: { properties: ['textEdits', 'tooltip', 'location', 'command'] } },
        publishDiagnostics: { relatedInformation: true, tagSupport: { valueSet: [1, 2] }, dataSupport: true },
        synchronization: { dynamicRegistration: false, willSave: true, willSaveWaitUntil: true, didSave: true },
      },
    },
    answers: { 'workspace/configuration': () => [null], 'workspace/inlayHint/refresh': () => null },
    workspaceFolders: null,
  },
  Helix: {
    capabilities: {
      general: { positionEncodings: ['utf-8', 'utf-32', 'utf-16'] },
      window: { workDoneProgress: true },
      workspace: {
        applyEdit: true,
        configuration: true,
        didChangeConfiguration: { dynamicRegistration: false },
        didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: false },
        executeCommand: { dynamicRegistration: false },
        inlayHint: { refreshSupport: false },
        symbol: { dynamicRegistration: false },
        workspaceEdit: { documentChanges: true, resourceOperations: ['create', 'rename', 'delete'], failureHandling: 'abort', normalizesLineEndings: false },
        workspaceFolders: true,
      },
      textDocument: {
        codeAction: { dataSupport: true, disabledSupport: true, isPreferredSupport: true, resolveSupport: { properties: ['edit', 'command'] }, ...literals('', 'quickfix', 'refactor', 'refactor.extract', 'refactor.inline', 'refactor.rewrite', 'source', 'source.organizeImports') },
        hover: { contentFormat: ['markdown'] },
        inlayHint: { dynamicRegistration: false },
        publishDiagnostics: { versionSupport: true, tagSupport: { valueSet: [1, 2] } },
      },
    },
    // Helix answers from `config` of the server's table, which this one leaves out.
    answers: { 'workspace/configuration': () => [null] },
  },
  Zed: {
    capabilities: {
      general: { positionEncodings: ['utf-16'] },
      window: { workDoneProgress: true, showMessage: {} },
      workspace: {
        applyEdit: true,
        configuration: true,
        diagnostics: { refreshSupport: true },
        didChangeConfiguration: { dynamicRegistration: true },
        didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
        inlayHint: { refreshSupport: true },
        workspaceEdit: { documentChanges: true, resourceOperations: ['create', 'rename', 'delete'], snippetEditSupport: true },
        workspaceFolders: true,
      },
      textDocument: {
        codeAction: { dataSupport: true, resolveSupport: { properties: ['kind', 'diagnostics', 'isPreferred', 'disabled', 'edit', 'command'] }, ...literals('refactor', 'quickfix', 'source') },
        definition: { linkSupport: true },
        diagnostic: { dynamicRegistration: false, relatedDocumentSupport: true },
        hover: { contentFormat: ['markdown'] },
        inlayHint: { dynamicRegistration: false, resolveSupport: { properties: ['textEdits', 'tooltip', 'label.tooltip', 'label.location', 'label.command'] } },
        publishDiagnostics: { relatedInformation: true },
        synchronization: { didSave: true },
      },
      experimental: { serverStatusNotification: true },
    },
    answers: { 'workspace/configuration': () => [null], 'workspace/inlayHint/refresh': () => null, 'workspace/diagnostic/refresh': () => null },
  },
};

/** One that says nothing of itself: what it does not claim must not be used. */
export const silentEditor: ForeignEditor = { capabilities: {} };
