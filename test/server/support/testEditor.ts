import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import {
  createConnection,
  createProtocolConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
  type InitializeResult,
  type InlayHint,
  type ProtocolConnection,
} from 'vscode-languageserver/node';
import { TextDocument, type TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import type { InitializationOptions } from '../../../src/protocol/initialization';
import type { ClientRequests, FileStatus, Requests } from '../../../src/protocol/lsp';
import { startServer } from '../../../src/server/server';
import { labelOf } from '../../languageService/support/exampleDataset';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface EditorOptions {
  /** `inProcess` (default), or the bundle as a child process over standard input and output. */
  readonly transport?: 'inProcess' | 'stdio';
  /** The `cupel` section of the settings. */
  readonly settings?: unknown;
  readonly initializationOptions?: InitializationOptions;
  readonly keyFor?: (params: ClientRequests['cupel/teacherKey']['params']) => string | undefined;
  /** URIs. Default: none. */
  readonly workspaceFolders?: readonly string[];
  /** Default: an editor that can all that the server makes use of. */
  readonly capabilities?: 'all' | 'none';
}

/** A plain LSP client: real connection, real server, real engine in a storage folder of its own. */
export class TestEditor {
  readonly storageDir: string;
  readonly connection: ProtocolConnection;
  readonly messages: string[] = [];
  readonly keysAsked: ClientRequests['cupel/teacherKey']['params'][] = [];
  settings: unknown;
  initialized!: InitializeResult;
  readonly published = new Map<string, unknown[]>();
  readonly #documents = new Map<string, TextDocument>();
  readonly #statuses = new Map<string, FileStatus>();
  readonly #waiting = new Set<() => void>();
  readonly #end: () => Promise<void>;

  private constructor(connection: ProtocolConnection, storageDir: string, end: () => Promise<void>) {
    this.connection = connection;
    this.storageDir = storageDir;
    this.#end = end;
  }

  static async start({ transport = 'inProcess', settings, initializationOptions, keyFor, capabilities = 'all', workspaceFolders }: EditorOptions = {}): Promise<TestEditor> {
    const storageDir = initializationOptions?.storageDir ?? mkdtempSync(path.join(tmpdir(), 'cupel-server-'));
    const removeStorage = () => initializationOptions?.storageDir ?? rmSync(storageDir, { recursive: true, force: true });
    const { connection, end } = transport === 'stdio' ? spawned() : inProcess();
    const editor = new TestEditor(connection, storageDir, async () => {
      await end();
      removeStorage();
    });
    editor.settings = settings;
    connection.onRequest('workspace/configuration', () => [editor.settings ?? null]);
    connection.onRequest('client/registerCapability', () => null);
    connection.onRequest('workspace/inlayHint/refresh', () => editor.#wake());
    connection.onRequest('workspace/diagnostic/refresh', () => editor.#wake());
    connection.onRequest('cupel/teacherKey', (params: ClientRequests['cupel/teacherKey']['params']) => {
      editor.keysAsked.push(params);
      const key = keyFor?.(params);
      return key === undefined ? null : { key };
    });
    connection.onNotification('window/showMessage', ({ message }: { message: string }) => void editor.messages.push(message));
    connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }: { uri: string; diagnostics: unknown[] }) => {
      editor.published.set(uri, diagnostics);
      editor.#wake();
    });
    connection.onNotification('cupel/status', (status: FileStatus) => {
      editor.#statuses.set(status.uri, status);
      editor.#wake();
    });
    connection.listen();
    editor.initialized = await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: workspaceFolders?.map((uri) => ({ uri, name: uri })) ?? null,
      capabilities:
        capabilities === 'none'
          ? {}
          : {
              workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true }, inlayHint: { refreshSupport: true }, diagnostics: { refreshSupport: true } },
              textDocument: { diagnostic: {}, codeAction: { disabledSupport: true, dataSupport: true, resolveSupport: { properties: ['edit'] } }, definition: { linkSupport: true } },
            },
      initializationOptions: { storageDir, modelsDir: path.join(root, 'models'), workerPath: path.join(root, 'dist', 'worker.cjs'), commands: true, teacherKeys: true, ...initializationOptions },
    });
    await connection.sendNotification('initialized', {});
    return editor;
  }

  async open(uri: string, text: string): Promise<void> {
    this.#documents.set(uri, TextDocument.create(uri, 'jsonl', 1, text));
    await this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'jsonl', version: 1, text } });
  }

  /** Types into a document: replaces `before`, which must stand there once, on one line. */
  async replace(uri: string, before: string, after: string): Promise<void> {
    const document = this.#document(uri);
    const start = document.getText().indexOf(before);
    if (start < 0) throw new Error(`not in the document: ${before}`);
    await this.change(uri, [{ range: { start: document.positionAt(start), end: document.positionAt(start + before.length) }, text: after }]);
  }

  async change(uri: string, contentChanges: TextDocumentContentChangeEvent[]): Promise<void> {
    const document = TextDocument.update(this.#document(uri), contentChanges, this.#document(uri).version + 1);
    this.#documents.set(uri, document);
    await this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version: document.version }, contentChanges });
  }

  async changeSettings(settings: unknown): Promise<void> {
    this.settings = settings;
    await this.connection.sendNotification('workspace/didChangeConfiguration', { settings: { cupel: settings } });
  }

  text(uri: string): string {
    return this.#document(uri).getText();
  }

  version(uri: string): number {
    return this.#document(uri).version;
  }

  request<M extends keyof Requests>(method: M, params: Requests[M]['params']): Promise<Requests[M]['result']> {
    return this.connection.sendRequest(method, params);
  }

  /** The badges of a document, one string a line that has one. */
  async badges(uri: string, from = 0, to = this.#document(uri).lineCount): Promise<string[]> {
    const hints = await this.connection.sendRequest<InlayHint[]>('textDocument/inlayHint', { textDocument: { uri }, range: { start: { line: from, character: 0 }, end: { line: to, character: 0 } } });
    return hints.map(labelOf);
  }

  /** Asks again whenever the server says that something changed, until the answer is as wanted. */
  async until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
    for (;;) {
      const changed = new Promise<void>((resolve) => this.#waiting.add(resolve));
      const answer = await ask();
      if (wanted(answer)) return answer;
      await changed;
    }
  }

  badgesWhen(uri: string, wanted: (badges: readonly string[]) => boolean): Promise<string[]> {
    return this.until(() => this.badges(uri), wanted);
  }

  statusWhen(uri: string, wanted: (status: FileStatus) => boolean): Promise<FileStatus | undefined> {
    return this.until(
      () => Promise.resolve(this.#statuses.get(uri)),
      (status) => status !== undefined && wanted(status),
    );
  }

  async hover(uri: string, line: number, character = 0): Promise<string | undefined> {
    const hover = await this.connection.sendRequest<{ contents: { value: string } } | null>('textDocument/hover', { textDocument: { uri }, position: { line, character } });
    return hover?.contents.value;
  }

  async stop(): Promise<void> {
    await this.connection.sendRequest('shutdown');
    await this.#end();
  }

  #document(uri: string): TextDocument {
    const document = this.#documents.get(uri);
    if (!document) throw new Error(`not open: ${uri}`);
    return document;
  }

  #wake(): null {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
    return null;
  }
}

interface Transport {
  readonly connection: ProtocolConnection;
  readonly end: () => Promise<void>;
}

function inProcess(): Transport {
  const [toServer, toEditor] = [new PassThrough(), new PassThrough()];
  const server = createConnection(ProposedFeatures.all, new StreamMessageReader(toServer), new StreamMessageWriter(toEditor));
  startServer(server, { storageDir: '/nowhere', modelsDir: '/nowhere', workerPath: '/nowhere' });
  const connection = createProtocolConnection(new StreamMessageReader(toEditor), new StreamMessageWriter(toServer));
  return {
    connection,
    end: () => {
      connection.dispose();
      server.dispose();
      return Promise.resolve();
    },
  };
}

function spawned(): Transport {
  const server = spawn(process.execPath, [path.join(root, 'dist', 'server.cjs'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  return {
    connection,
    end: async () => {
      const exited = once(server, 'exit');
      await connection.sendNotification('exit');
      const [code] = (await exited) as [number | null];
      connection.dispose();
      if (code !== 0) throw new Error(`the server ended with ${code ?? 'a signal'}`);
    },
  };
}
