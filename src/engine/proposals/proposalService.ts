import path from 'node:path';
import type { Logger } from '../../base/logger';
import type { Proposal, ProposalMode } from '../../core/proposals/proposal';
import type { Measurement } from '../../core/scores/catalogue';
import type { TeacherConfig } from '../../core/teachers/teacher';
import { checkTeacher } from '../clients/checkTeacher';
import { AnswerIndexes, createFileTeacher } from '../clients/fileTeacher';
import { createOpenAITeacher } from '../clients/openaiTeacher';
import type { Teacher } from '../clients/teacher';
import type { Engine, EnginePorts, ProposalRun, ScoreItem, TeacherState } from '../engine';
import { type Limiter, createLimiter } from '../jobs/queue';
import { type Backoff, realBackoff } from '../jobs/retry';
import { ProposalJournal, journalName, journalNames, journalOfId } from './proposalJournal';
import { runProposals } from './proposalRun';

export type ProposalService = Pick<Engine, 'propose' | 'proposals' | 'resolveProposal' | 'checkTeacher' | 'dispose'>;

export interface ProposalServiceDeps {
  readonly storageDir: string;
  readonly logger: Logger;
  readonly now: () => Date;
  readonly apiKey: EnginePorts['apiKey'];
  readonly teachers: () => readonly TeacherConfig[];
  readonly score: (items: readonly ScoreItem[], signal?: AbortSignal) => Promise<ReadonlyMap<string, Measurement>>;
  /** Waiting between attempts; the real clock unless given. */
  readonly backoff?: Backoff;
}

const defaultConcurrency = 4;

/** Asks teachers and keeps what they say. Nothing that was paid for is lost, and nothing is paid for twice. */
export function createProposalService(deps: ProposalServiceDeps): ProposalService {
  return new JournaledProposals(deps);
}

class JournaledProposals implements ProposalService {
  readonly #deps: ProposalServiceDeps;
  readonly #folder: string;
  readonly #journals = new Map<string, ProposalJournal>();
  readonly #limiters = new Map<string, { readonly limit: number; readonly limiter: Limiter }>();
  readonly #indexes = new AnswerIndexes();
  readonly #running = new Set<Promise<unknown>>();
  readonly #disposal = new AbortController();

  constructor(deps: ProposalServiceDeps) {
    this.#deps = deps;
    this.#folder = path.join(deps.storageDir, 'proposals');
  }

  async propose(run: ProposalRun): Promise<readonly Proposal[]> {
    const config = this.#teacher(run.teacher);
    return this.#track(run.signal, async (signal) => {
      const teacher = await this.#open(config, run.mode, signal);
      return runProposals(run, { teacher, journalOf: (file) => this.#journalOf(file), score: this.#deps.score, logger: this.#deps.logger, signal });
    });
  }

  async proposals(file?: string): Promise<readonly Proposal[]> {
    const journals = file === undefined ? (await journalNames(this.#folder)).map((name) => this.#journal(name)) : [this.#journalOf(path.resolve(file))];
    const read = await Promise.all(journals.map((journal) => journal.read()));
    return read.flatMap((kept) => [...kept.values()].map(({ proposal }) => proposal));
  }

  async resolveProposal(id: string, status: 'pending' | 'accepted' | 'rejected'): Promise<void> {
    const name = journalOfId(id);
    const journal = name === undefined ? undefined : this.#journal(name);
    if (journal === undefined || !(await journal.has(id))) throw new Error(`There is no proposal ${JSON.stringify(id)}.`);
    await journal.append([{ event: 'resolved', id, status, time: this.#deps.now().toISOString() }]);
  }

  async checkTeacher(id: string, signal?: AbortSignal): Promise<TeacherState> {
    const config = this.#teacher(id);
    return this.#track(signal, (own) => checkTeacher(config, { apiKey: this.#deps.apiKey, now: this.#deps.now, indexes: this.#indexes }, own));
  }

  async dispose(): Promise<void> {
    this.#disposal.abort(new Error('Cupel is shutting down.'));
    await Promise.allSettled(this.#running);
    const closed = await Promise.allSettled([...this.#journals.values()].map((journal) => journal.close()));
    this.#journals.clear();
    const failed = closed.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Runs until done, until the caller's signal, or until disposal. */
  async #track<T>(caller: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const signal = caller === undefined ? this.#disposal.signal : AbortSignal.any([caller, this.#disposal.signal]);
    signal.throwIfAborted();
    const running = work(signal);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  #teacher(id: string): TeacherConfig {
    const teachers = this.#deps.teachers();
    const config = teachers.find((teacher) => teacher.id === id);
    if (config !== undefined) return config;
    const known = teachers.map((teacher) => teacher.id).join(', ');
    throw new Error(`There is no teacher ${JSON.stringify(id)}. Known: ${known === '' ? 'none' : known}.`);
  }

  async #open(config: TeacherConfig, mode: ProposalMode, signal: AbortSignal): Promise<Teacher> {
    const { apiKey, logger, now, backoff = realBackoff } = this.#deps;
    if (config.kind === 'file') return createFileTeacher(config, mode, { indexes: this.#indexes, now }, signal);
    return createOpenAITeacher(config, mode, { apiKey, logger, now, backoff, limiter: this.#limiter(config.baseUrl, config.concurrency ?? defaultConcurrency) });
  }

  /** One for each endpoint, whichever teachers and runs use it. */
  #limiter(baseUrl: string, limit: number): Limiter {
    const known = this.#limiters.get(baseUrl);
    if (known?.limit === limit) return known.limiter;
    const limiter = createLimiter(limit);
    this.#limiters.set(baseUrl, { limit, limiter });
    return limiter;
  }

  #journalOf(file: string): ProposalJournal {
    return this.#journal(journalName(file));
  }

  #journal(name: string): ProposalJournal {
    const known = this.#journals.get(name) ?? new ProposalJournal(this.#folder, name, this.#deps.logger);
    this.#journals.set(name, known);
    return known;
  }
}
