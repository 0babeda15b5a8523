import { CancellationTokenSource } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Memory, ServerProcess } from '../serverProcess';
import { changes, inverse } from './edits';
import { lines } from './hostileText';
import { differences, pictureOf } from './picture';
import { Random } from './random';
import { question, type Question } from './requests';

export interface FuzzOptions {
  readonly seed: number;
  readonly operations: number;
  /** Operations between two comparisons. */
  readonly batch: number;
  readonly onBatch?: (report: BatchReport) => void;
}

export interface BatchReport {
  readonly operations: number;
  readonly memory: Memory;
}

export interface FuzzReport {
  readonly edits: number;
  readonly requests: number;
  readonly cancellations: number;
  readonly reopened: number;
  readonly settings: number;
  readonly comparisons: number;
  /** Requests by how they ended: `ok`, or the error's code. */
  readonly answers: Readonly<Record<string, number>>;
  /** What must not be: differences from a fresh reading, errors that no request deserves, the end of the process. */
  readonly failures: readonly string[];
}

interface Open {
  document: TextDocument;
  readonly end: string;
}

/** Cancelled, modified meanwhile, cancelled by the server. */
const expected = new Set([-32800, -32801, -32802]);
const settingsTried = [
  {},
  { badge: { length: 'words' } },
  { badge: { length: 'chars' }, ifd: { definition: 'loss' } },
  { badge: { enabled: false } },
  { tokenizer: 'cl100k_base' },
  { car: { beta: 1, offset: 'none' } },
  { problems: { maximumPerRule: 3 } },
  { badge: 'wrong', tokenizer: 7 },
];
/** How long two documents of the same text may take to say the same. */
const patienceMs = 60_000;

/** Sends what editors send, in any order and number, and asks now and then whether the server still knows what it has. */
export class Fuzzer {
  readonly #server: ServerProcess;
  readonly #random: Random;
  readonly #options: FuzzOptions;
  readonly #documents: Open[] = [];
  readonly #pending = new Set<Promise<void>>();
  readonly #counts = { edits: 0, requests: 0, cancellations: 0, reopened: 0, settings: 0, comparisons: 0 };
  readonly #answers: Record<string, number> = {};
  readonly #failures: string[] = [];
  #cancellable: CancellationTokenSource[] = [];
  #version = 1;
  #scored = false;
  #copies = 0;

  constructor(server: ServerProcess, options: FuzzOptions) {
    this.#server = server;
    this.#random = new Random(options.seed);
    this.#options = options;
  }

  async run(): Promise<FuzzReport> {
    for (const [name, end] of [['a', '\n'], ['b', '\r\n'], ['c', '\n']] as const) await this.#open(`file:///fuzz/${name}.jsonl`, end);
    for (let done = 0; done < this.#options.operations && this.#failures.length < 10 && !this.#server.hasEnded(); ) {
      const until = Math.min(done + this.#options.batch, this.#options.operations);
      for (; done < until && !this.#server.hasEnded(); done++) await this.#step();
      await this.#answered();
      if (this.#server.hasEnded()) break;
      try {
        await this.#compare();
      } catch (error) {
        if (!this.#server.hasEnded()) throw error;
        break;
      }
      this.#options.onBatch?.({ operations: done, memory: await this.#server.memory() });
    }
    const { ended } = this.#server;
    if (ended) this.#failures.push(`the server ended with ${ended.code ?? ended.signal ?? 'nothing'}: ${this.#server.complaints.slice(-2000)}`);
    return { ...this.#counts, answers: this.#answers, failures: this.#failures };
  }

  async #step(): Promise<void> {
    const index = this.#random.below(this.#documents.length);
    const open = this.#documents[index];
    if (!open) return;
    const kind = this.#random.below(100);
    if (kind < 50) await this.#edit(open);
    else if (kind < 88) this.#ask(open);
    else if (kind < 94) this.#cancelOne();
    else if (kind < 96) await this.#changeSettings();
    else if (kind < 97) await this.#reopen(open, index);
    else if (kind < 99) await this.#answered();
    else await new Promise(setImmediate);
  }

  async #edit(open: Open): Promise<void> {
    const before = open.document;
    const made = changes(this.#random, before, open.end);
    await this.#send(open, made);
    const [only, another] = made;
    if (only && !another && this.#random.below(6) === 0) await this.#send(open, [inverse(before, only)]);
  }

  async #send(open: Open, contentChanges: ReturnType<typeof changes>): Promise<void> {
    this.#counts.edits += 1;
    const { uri } = open.document;
    // A text of its own: a client's document is changed in place.
    open.document = TextDocument.update(TextDocument.create(uri, 'jsonl', this.#version, open.document.getText()), contentChanges, ++this.#version);
    await this.#notify('textDocument/didChange', { textDocument: { uri, version: this.#version }, contentChanges });
  }

  #ask(open: Open): void {
    const asked = question(this.#random, open.document, this.#server.initialized.capabilities);
    this.#counts.requests += 1;
    if (asked.method === 'cupel/score') this.#scored = true;
    const source = new CancellationTokenSource();
    this.#cancellable.push(source);
    const answered = this.#server.connection
      .sendRequest(asked.method, asked.params, source.token)
      .then(() => this.#count('ok'))
      .catch((error: unknown) => this.#judge(asked, error))
      .finally(() => {
        this.#pending.delete(answered);
        this.#cancellable = this.#cancellable.filter((one) => one !== source);
      });
    this.#pending.add(answered);
    if (this.#random.below(10) === 0) this.#cancelOne();
  }

  #judge({ method, params, refusable }: Question, error: unknown): void {
    const code = error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
    this.#count(String(code ?? error));
    if (code !== undefined && (expected.has(code) || refusable)) return;
    if (!this.#server.hasEnded()) this.#failures.push(`${method} ${JSON.stringify(params).slice(0, 200)}: ${String(error)}`);
  }

  #count(answer: string): void {
    this.#answers[answer] = (this.#answers[answer] ?? 0) + 1;
  }

  #cancelOne(): void {
    if (this.#cancellable.length === 0) return;
    this.#counts.cancellations += 1;
    this.#cancellable[this.#random.below(this.#cancellable.length)]?.cancel();
  }

  async #changeSettings(settings: unknown = this.#random.pick(settingsTried)): Promise<void> {
    this.#counts.settings += 1;
    this.#server.settings = settings;
    await this.#notify('workspace/didChangeConfiguration', { settings: { cupel: settings } });
  }

  async #reopen({ document: { uri }, end }: Open, index: number): Promise<void> {
    this.#counts.reopened += 1;
    await this.#notify('textDocument/didClose', { textDocument: { uri } });
    this.#documents.splice(index, 1);
    await this.#open(uri, end);
  }

  async #open(uri: string, end: string): Promise<void> {
    const document = TextDocument.create(uri, 'jsonl', ++this.#version, lines(this.#random, this.#random.below(80), end));
    this.#documents.push({ document, end });
    await this.#notify('textDocument/didOpen', { textDocument: { uri, languageId: 'jsonl', version: this.#version, text: document.getText() } });
  }

  /** Each document beside the same text opened anew. What an editor would show for both is the same once both have been worked through. */
  async #compare(): Promise<void> {
    await this.#changeSettings({});
    const pairs = this.#documents.map(({ document }) => ({
      document,
      copy: TextDocument.create(`file:///fuzz/copy-${++this.#copies}.jsonl`, 'jsonl', 1, document.getText()),
      sampled: Array.from({ length: 6 }, () => this.#random.below(document.lineCount)),
    }));
    await Promise.all(
      pairs.map(async ({ document, copy, sampled }) => {
        await this.#notify('textDocument/didOpen', { textDocument: { uri: copy.uri, languageId: 'jsonl', version: 1, text: copy.getText() } });
        // An edited line keeps its last scores, marked stale; a line read anew has none to keep.
        if (this.#scored) for (const { uri } of [document, copy]) await this.#server.connection.sendRequest('cupel/score', { uri });
        await this.#agree(document, copy, sampled);
        await this.#notify('textDocument/didClose', { textDocument: { uri: copy.uri } });
        this.#server.statuses.delete(copy.uri);
        this.#counts.comparisons += 1;
      }),
    );
  }

  async #agree(document: TextDocument, copy: TextDocument, sampled: readonly number[]): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (!this.#server.hasEnded()) {
      const found = differences(await pictureOf(this.#server, document, sampled), await pictureOf(this.#server, copy, sampled));
      if (found.length === 0) return;
      if (Date.now() > deadline) {
        this.#failures.push(...found.map((difference) => `${document.uri} against ${copy.uri}: ${difference}`));
        return;
      }
      await this.#server.changed(200);
    }
  }

  async #answered(): Promise<void> {
    while (this.#pending.size > 0 && !this.#server.hasEnded()) await Promise.race([Promise.all(this.#pending), this.#server.changed(1000)]);
  }

  async #notify(method: string, params: unknown): Promise<void> {
    if (!this.#server.hasEnded()) await this.#server.connection.sendNotification(method, params);
  }
}
