import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter, type InitializeResult, type ProtocolConnection } from 'vscode-languageserver/node';
import type { InitializationOptions } from '../../../src/protocol/initialization';
import type { FileStatus } from '../../../src/protocol/lsp';

export interface ServerProcessOptions {
  /** The bundle. */
  readonly server: string;
  readonly modelsDir: string;
  readonly storageDir: string;
  /** The `cupel` section of the settings. */
  readonly settings?: unknown;
  /** Options of Node, before the script. */
  readonly nodeOptions?: readonly string[];
  readonly initializationOptions?: InitializationOptions;
}

export interface Memory {
  /** Bytes in use after a garbage collection. */
  readonly heap: number;
  /** Bytes that the process holds. */
  readonly resident: number;
}

/** Collects garbage and answers when asked over the process's own channel; the language server does not use that one. */
const memoryHook = `process.on('message', () => { gc(); gc(); const { heapUsed, rss } = process.memoryUsage(); process.send({ heap: heapUsed, resident: rss }); }); process.channel.unref();`;

/** The real server in a process of its own, and a client that sees how that process fares. */
export class ServerProcess {
  readonly child: ChildProcess;
  readonly connection: ProtocolConnection;
  readonly messages: string[] = [];
  readonly logged: string[] = [];
  readonly statuses = new Map<string, FileStatus>();
  readonly registered: string[] = [];
  settings: unknown;
  initialized!: InitializeResult;
  /** Undefined while it runs. */
  ended: { readonly code: number | null; readonly signal: string | null } | undefined;
  /** What it wrote to standard error. */
  complaints = '';
  readonly #waiting = new Set<() => void>();

  private constructor(child: ChildProcess, connection: ProtocolConnection) {
    this.child = child;
    this.connection = connection;
  }

  static async start({ server, modelsDir, storageDir, settings, nodeOptions = [], initializationOptions }: ServerProcessOptions): Promise<ServerProcess> {
    const hook = `data:text/javascript,${encodeURIComponent(memoryHook)}`;
    const child = spawn(process.execPath, ['--expose-gc', '--import', hook, ...nodeOptions, server, '--stdio'], { stdio: ['pipe', 'pipe', 'pipe', 'ipc'] });
    if (!child.stdin || !child.stdout || !child.stderr) throw new Error('The server has no standard streams.');
    const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    const process_ = new ServerProcess(child, connection);
    process_.settings = settings;
    child.stderr.setEncoding('utf8').on('data', (text: string) => (process_.complaints += text));
    child.once('exit', (code, signal) => {
      process_.ended = { code, signal };
      // What it has not answered it never will.
      connection.dispose();
      process_.#wake();
    });
    // Writing to a server that has ended fails; that it has ended is what counts.
    connection.onError(() => undefined);
    child.stdin.on('error', () => undefined);
    connection.onRequest('workspace/configuration', () => [process_.settings ?? null]);
    connection.onRequest('client/registerCapability', ({ registrations }: { registrations: { method: string }[] }) => {
      process_.registered.push(...registrations.map(({ method }) => method));
      return null;
    });
    connection.onRequest('workspace/inlayHint/refresh', () => process_.#wake());
    connection.onRequest('workspace/diagnostic/refresh', () => process_.#wake());
    connection.onRequest('window/workDoneProgress/create', () => null);
    connection.onRequest('cupel/teacherKey', () => null);
    connection.onNotification('window/showMessage', ({ message }: { message: string }) => void process_.messages.push(message));
    connection.onNotification('window/logMessage', ({ message }: { message: string }) => void process_.logged.push(message));
    connection.onNotification('cupel/status', (status: FileStatus) => {
      process_.statuses.set(status.uri, status);
      process_.#wake();
    });
    connection.listen();
    process_.initialized = await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: null,
      capabilities: {
        workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true }, inlayHint: { refreshSupport: true }, diagnostics: { refreshSupport: true } },
        textDocument: { diagnostic: {}, codeAction: { disabledSupport: true } },
      },
      initializationOptions: { storageDir, modelsDir, workerPath: path.join(path.dirname(server), 'worker.cjs'), commands: true, ...initializationOptions },
    });
    await connection.sendNotification('initialized', {});
    return process_;
  }

  /** Resolves at the next sign of change, or after `ms` without one. */
  async changed(ms: number): Promise<void> {
    let wake: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => (wake = resolve));
    this.#waiting.add(wake);
    const timer = setTimeout(wake, ms);
    await waiting;
    clearTimeout(timer);
    this.#waiting.delete(wake);
  }

  hasEnded(): boolean {
    return this.ended !== undefined;
  }

  /** After a garbage collection. */
  async memory(): Promise<Memory> {
    const answered = once(this.child, 'message');
    this.child.send({});
    const [memory] = (await answered) as [Memory];
    return memory;
  }

  /** Bytes the process has held at most; Linux only. */
  peak(): number {
    return 1024 * Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${this.child.pid ?? 0}/status`, 'utf8'))?.[1]);
  }

  async stop(): Promise<void> {
    if (this.hasEnded()) return;
    const exited = once(this.child, 'exit');
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    await exited;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  #wake(): null {
    for (const resolve of this.#waiting) resolve();
    return null;
  }
}
