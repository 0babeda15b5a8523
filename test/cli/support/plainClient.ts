import { spawn, type ChildProcessByStdio } from 'node:child_process';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { ForeignEditor } from './editors';

export const cli = fileURLToPath(new URL('../../../dist/cli.cjs', import.meta.url));

export interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface Incoming extends Answer {
  readonly jsonrpc: string;
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** An LSP client that shares no code with the server: frames are written and read by hand, every byte counts. */
export class PlainClient {
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>;
  /** Everything the server has sent on its own, in order. */
  readonly received: Incoming[] = [];
  /** Answers to the server's requests; the others are refused as unknown. */
  readonly answers = new Map<string, (params: unknown) => unknown>();
  readonly ended: Promise<Ending>;
  stderr = '';
  #unread = Buffer.alloc(0);
  #nextId = 1;
  readonly #pending = new Map<number, (answer: Answer) => void>();
  readonly #waiting = new Set<() => void>();

  constructor(home: string, args: readonly string[] = ['lsp', '--stdio']) {
    this.process = spawn(process.execPath, [cli, ...args], { cwd: home, env: { ...process.env, CUPEL_HOME: path.join(home, 'store') }, stdio: ['pipe', 'pipe', 'pipe'] });
    this.process.stdout.on('data', (bytes: Buffer) => this.#read(bytes));
    this.process.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = new Promise((resolve) => this.process.once('close', (code, signal) => resolve({ code, signal })));
  }

  /** Starts a server for an editor and shakes hands with it. */
  static async start(home: string, { capabilities, answers, initializationOptions, workspaceFolders = null }: ForeignEditor): Promise<{ client: PlainClient; initialized: Answer }> {
    const client = new PlainClient(home);
    client.answers.set('client/registerCapability', () => null);
    client.answers.set('window/workDoneProgress/create', () => null);
    for (const [method, answer] of Object.entries(answers ?? {})) client.answers.set(method, answer);
    const initialized = await client.request('initialize', { processId: process.pid, rootUri: null, workspaceFolders, capabilities, ...(initializationOptions !== undefined && { initializationOptions }) });
    client.notify('initialized', {});
    return { client, initialized };
  }

  request(method: string, params?: unknown): Promise<Answer> {
    const id = this.#nextId++;
    const answer = new Promise<Answer>((resolve) => this.#pending.set(id, resolve));
    this.send({ jsonrpc: '2.0', id, method, ...(params !== undefined && { params }) });
    return answer;
  }

  notify(method: string, params?: unknown): void {
    this.send({ jsonrpc: '2.0', method, ...(params !== undefined && { params }) });
  }

  open(uri: string, text: string): void {
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'jsonl', version: 1, text } });
  }

  /** What the server sends under `method`, as soon as it is `wanted`; what came before counts too. */
  async message(method: string, wanted: (params: unknown) => boolean = () => true): Promise<unknown> {
    for (;;) {
      const found = this.received.find((one) => one.method === method && wanted(one.params));
      if (found) return found.params;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Ends the session as the protocol wants it. */
  async leave(): Promise<Ending> {
    await this.request('shutdown');
    this.notify('exit');
    return this.ended;
  }

  send(message: object): void {
    const body = Buffer.from(JSON.stringify(message));
    this.process.stdin.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
  }

  #read(bytes: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    for (;;) {
      const end = this.#unread.indexOf('\r\n\r\n');
      if (end < 0) return;
      const header = /^Content-Length: (\d+)$/.exec(this.#unread.subarray(0, end).toString('latin1'));
      if (!header) throw new Error(`Standard output holds something other than a message: ${JSON.stringify(this.#unread.toString('utf8').slice(0, 200))}`);
      const until = end + 4 + Number(header[1]);
      if (this.#unread.length < until) return;
      const message = JSON.parse(this.#unread.subarray(end + 4, until).toString('utf8')) as Incoming;
      this.#unread = this.#unread.subarray(until);
      this.#take(message);
    }
  }

  #take(message: Incoming): void {
    if (message.method === undefined) {
      this.#pending.get(Number(message.id))?.(message);
      return;
    }
    this.received.push(message);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
    if (message.id === undefined) return;
    const answer = this.answers.get(message.method);
    this.send({ jsonrpc: '2.0', id: message.id, ...(answer ? { result: answer(message.params) ?? null } : { error: { code: -32601, message: `unknown: ${message.method}` } }) });
  }
}
