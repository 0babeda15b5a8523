import path from 'node:path';
import { hash128 } from '../../base/hash';
import type { Logger } from '../../base/logger';
import { errorMessage } from '../../base/errorMessage';
import type { Proposal } from '../../core/proposals/proposal';
import { exchangeKey } from '../../core/record/key';
import type { Measurement } from '../../core/scores/catalogue';
import type { Answer, Teacher } from '../clients/teacher';
import type { ProposalRequest, ProposalRun, ScoreItem } from '../engine';
import { type Coalescer, createCoalescer } from '../jobs/coalesce';
import { answeredItem, scoreItem } from '../operations/scoreItem';
import type { KeptProposal, ProposalJournal } from './proposalJournal';

export interface ProposalRunDeps {
  readonly teacher: Teacher;
  readonly journalOf: (file: string) => ProposalJournal;
  readonly score: (items: readonly ScoreItem[], signal?: AbortSignal) => Promise<ReadonlyMap<string, Measurement>>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Asks one teacher for every request of a run. What an earlier run was answered and nobody has decided on is taken from
 * the journal instead. Resolves in the order of the requests; rejects when aborted or when the journal cannot be written.
 */
export async function runProposals(run: ProposalRun, deps: ProposalRunDeps): Promise<readonly Proposal[]> {
  const stop = new AbortController();
  const signal = AbortSignal.any([deps.signal, stop.signal]);
  const state = new RunState(run, { ...deps, signal });
  await state.recall();
  let done = 0;
  const outcomes = await Promise.allSettled(
    run.requests.map(async (request) => {
      try {
        const proposal = await state.propose(request);
        run.onProposal?.(proposal);
        done += 1;
        run.onProgress?.(done, run.requests.length);
        return proposal;
      } catch (error) {
        // Only what concerns the whole run gets here: nobody should pay for answers that cannot be kept.
        stop.abort(error);
        throw error;
      }
    }),
  );
  deps.signal.throwIfAborted();
  stop.signal.throwIfAborted();
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}

interface Scorable {
  readonly request: ProposalRequest;
  readonly proposal: Proposal;
  readonly scored: (proposal: Proposal) => void;
}

class RunState {
  readonly #run: ProposalRun;
  readonly #deps: ProposalRunDeps;
  /** Pending proposals of earlier runs that no request of this run has taken yet, by request. */
  readonly #recalled = new Map<string, Proposal[]>();
  /** By request: identical records of one dataset are asked about once. */
  readonly #answers = new Map<string, Promise<Answer>>();
  readonly #scoring: Coalescer<Scorable>;

  constructor(run: ProposalRun, deps: ProposalRunDeps) {
    this.#run = run;
    this.#deps = deps;
    this.#scoring = createCoalescer((batch) => this.#score(batch));
  }

  /** Looks up what earlier runs were answered. */
  async recall(): Promise<void> {
    const files = new Set(this.#run.requests.map(({ file }) => path.resolve(file)));
    for (const file of files) {
      const kept = await this.#deps.journalOf(file).read();
      for (const { request, proposal } of kept.values()) this.#recallOne({ request, proposal });
    }
  }

  #recallOne({ request, proposal }: KeptProposal): void {
    const { status, response, provenance } = proposal;
    if (status !== 'pending' || response === undefined || provenance === undefined) return;
    const id = `${proposal.file} ${request}`;
    this.#recalled.set(id, [...(this.#recalled.get(id) ?? []), proposal]);
    this.#answers.set(id, Promise.resolve({ ok: true, response, provenance }));
  }

  async propose(asked: ProposalRequest): Promise<Proposal> {
    const request = { ...asked, file: path.resolve(asked.file) };
    const identity = this.#identity(request);
    const kept = this.#take(`${request.file} ${identity}`, request.line);
    const proposal = kept ?? (await this.#keep(request, identity, await this.#answer(request, identity)));
    if (proposal.status === 'failed' || proposal.after !== undefined) return proposal;
    return this.#withScores(request, proposal);
  }

  #identity({ recordKey, exchange }: ProposalRequest): string {
    return hash128(JSON.stringify([recordKey, exchange.name, this.#run.teacher, this.#run.mode, this.#deps.teacher.fingerprint]));
  }

  #take(id: string, line: number): Proposal | undefined {
    const recalled = this.#recalled.get(id);
    if (recalled === undefined || recalled.length === 0) return undefined;
    const sameLine = recalled.findIndex((proposal) => proposal.line === line);
    return recalled.splice(Math.max(sameLine, 0), 1)[0];
  }

  #answer(request: ProposalRequest, identity: string): Promise<Answer> {
    const id = `${request.file} ${identity}`;
    const known = this.#answers.get(id);
    if (known !== undefined) return known;
    const onText = this.#run.requests.length === 1 ? this.#run.onText : undefined;
    const question = { exchange: request.exchange, line: request.line, mode: this.#run.mode };
    const answer = this.#deps.teacher.answer(question, this.#deps.signal, onText);
    this.#answers.set(id, answer);
    return answer;
  }

  /** From here on the answer survives a kill. */
  async #keep(request: ProposalRequest, identity: string, answer: Answer): Promise<Proposal> {
    const journal = this.#deps.journalOf(request.file);
    const proposal: Proposal = {
      id: journal.newId(),
      file: request.file,
      line: request.line,
      recordKey: request.recordKey,
      promptKey: request.promptKey,
      exchange: request.exchange.name,
      path: request.exchange.response.path,
      mode: this.#run.mode,
      teacher: this.#run.teacher,
      ...(answer.ok ? { status: 'pending', response: answer.response } : { status: 'failed', reason: answer.reason }),
      ...(answer.provenance && { provenance: answer.provenance }),
    };
    await journal.append([{ event: 'proposed', request: identity, proposal }]);
    return proposal;
  }

  async #withScores(request: ProposalRequest, proposal: Proposal): Promise<Proposal> {
    let result = proposal;
    const scored = (better: Proposal): void => void (result = better);
    await this.#scoring.add({ request, proposal, scored });
    return result;
  }

  /** Without scores a proposal is still a proposal: what goes wrong here is logged, and the next run tries again. */
  async #score(batch: readonly Scorable[]): Promise<void> {
    const { score, logger, signal } = this.#deps;
    const items = new Map(batch.flatMap(scoreItems).map((item) => [item.key, item]));
    let measured: ReadonlyMap<string, Measurement>;
    try {
      measured = await score([...items.values()], signal);
    } catch (error) {
      signal.throwIfAborted();
      logger.warn('Proposals could not be scored', { proposals: batch.length, reason: errorMessage(error) });
      return;
    }
    await Promise.all(batch.map((scorable) => this.#keepScores(scorable, measured)));
  }

  async #keepScores({ request, proposal, scored }: Scorable, measured: ReadonlyMap<string, Measurement>): Promise<void> {
    const before = measured.get(request.exchange.key);
    const after = measured.get(proposedKey(request, proposal));
    if (before === undefined && after === undefined) return;
    const scores = { ...(before && { before }), ...(after && { after }) };
    await this.#deps.journalOf(request.file).append([{ event: 'scored', id: proposal.id, ...scores }]);
    scored({ ...proposal, ...scores });
  }
}

function scoreItems({ request, proposal }: Scorable): readonly ScoreItem[] {
  const { exchange } = request;
  return [scoreItem(exchange), answeredItem(exchange.prompt, proposal.response ?? '')];
}

function proposedKey({ exchange }: ProposalRequest, proposal: Proposal): string {
  return exchangeKey(exchange.prompt, proposal.response ?? '');
}
