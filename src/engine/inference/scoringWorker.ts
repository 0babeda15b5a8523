import { Worker } from 'node:worker_threads';
import { errorMessage } from '../../base/errorMessage';
import { ScorerError } from './scorerError';
import { type WorkerReply, workerReplySchema, type WorkerRequest } from './scoringMessages';

/** The worker stopped before it answered. */
export class WorkerCrash extends Error {
  override readonly name = 'WorkerCrash';
  /** The script never got as far as taking requests. */
  readonly neverStarted: boolean;

  constructor(message: string, neverStarted: boolean) {
    super(message);
    this.neverStarted = neverStarted;
  }
}

/** A request without its id, which the worker's owner gives. */
export type Question = WithoutId<Exclude<WorkerRequest, { readonly kind: 'cancel' }>>;
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;
export type Answer = Exclude<WorkerReply, { readonly kind: 'ready' | 'failed' }>;

interface Waiting {
  readonly resolve: (reply: Answer) => void;
  readonly reject: (reason: unknown) => void;
}

/** Texts come and go too fast to be worth the 30 MB that Node lets them fill before it looks. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

/** How long a cancelled batch is waited for. */
const patienceMs = 600;

/** One worker thread and the questions it has not answered yet. An idle one does not keep the process alive. */
export class ScoringWorker {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #started = false;
  #stopped: Error | undefined;

  constructor(script: string, modelsDir: string, onStopped: (worker: ScoringWorker, why: Error) => void) {
    // Its output is captured: standard output belongs to the CLI's records and to the language server's messages.
    this.#worker = new Worker(script, { workerData: { modelsDir }, resourceLimits, execArgv: [], stdout: true, stderr: true });
    this.#worker.stdout.resume();
    this.#worker.stderr.resume();
    this.#worker.unref();
    const stop = (why: string) => {
      if (this.#stopped !== undefined) return;
      this.#stopped = new WorkerCrash(`The scoring worker stopped: ${why}.`, !this.#started);
      this.#rejectAll(this.#stopped);
      onStopped(this, this.#stopped);
    };
    this.#worker.on('message', (message: unknown) => this.#receive(message));
    this.#worker.on('messageerror', (error) => stop(errorMessage(error)));
    this.#worker.on('error', (error) => stop(errorMessage(error)));
    this.#worker.on('exit', (code) => stop(`it ended with code ${code}`));
  }

  /** Questions without an answer yet. */
  get load(): number {
    return this.#waiting.size;
  }

  /**
   * Rejects with a `WorkerCrash` when the worker stops first. An abort ends a batch early; it still answers, or, when a large
   * model is in the middle of a long text, is left alone with what it was doing.
   */
  ask(question: Question, signal?: AbortSignal): Promise<Answer> {
    if (this.#stopped !== undefined) return Promise.reject(this.#stopped);
    const id = this.#nextId++;
    let patience: NodeJS.Timeout | undefined;
    const cancel = () => {
      this.#send({ id, kind: 'cancel' });
      if (question.kind === 'score') patience = setTimeout(() => this.#settle(id)?.resolve({ id, kind: 'scored', batch: { measured: [], failed: [] } }), patienceMs);
    };
    return new Promise<Answer>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.ref();
      this.#send({ ...question, id });
      if (signal?.aborted === true) cancel();
      else signal?.addEventListener('abort', cancel, { once: true });
    }).finally(() => {
      clearTimeout(patience);
      signal?.removeEventListener('abort', cancel);
    });
  }

  /** Questions still open reject. */
  async dispose(): Promise<void> {
    this.#stopped ??= new Error('The scoring worker was shut down.');
    this.#rejectAll(this.#stopped);
    await this.#worker.terminate();
  }

  #send(request: WorkerRequest): void {
    this.#worker.postMessage(request);
  }

  #receive(message: unknown): void {
    const checked = workerReplySchema.safeParse(message);
    if (!checked.success) {
      const id = idOf(message);
      if (id !== undefined) this.#settle(id)?.reject(new Error(`The scoring worker gave an answer that is not in its form: ${checked.error.issues[0]?.message ?? 'unknown'}.`));
      return;
    }
    const reply = checked.data;
    if (reply.kind === 'ready') this.#started = true;
    else if (reply.kind === 'failed') this.#settle(reply.id)?.reject(new ScorerError(reply.reason));
    else this.#settle(reply.id)?.resolve(reply);
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
    return waiting;
  }

  #rejectAll(reason: Error): void {
    const open = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const waiting of open) waiting.reject(reason);
  }
}

function idOf(message: unknown): number | undefined {
  return typeof message === 'object' && message !== null && 'id' in message && typeof message.id === 'number' ? message.id : undefined;
}
