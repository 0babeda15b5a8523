import type { CancellationToken, Connection } from 'vscode-languageserver';
import { deriveScores } from '../core/scores/derive';
import { carOffset } from '../core/scores/car';
import { describeDeltas, proposalTitle } from '../core/proposals/deltas';
import { exchangeOf } from '../core/proposals/exchangeOf';
import type { Proposal } from '../core/proposals/proposal';
import { spliceText } from '../core/record/splice';
import { renderRecordView } from '../core/record/view';
import type { Engine, ProposalRequest } from '../engine/engine';
import type { AcceptOutcome, ProposalView, Requests, SkippedLine } from '../protocol/lsp';
import type { Settings } from '../protocol/settings';
import type { Datasets } from './datasets';
import { filePath, savedPath } from './filePath';
import { findOpen, findRecord } from './findRecord';
import { RequestProgress, signalOf } from './longRequest';
import type { OpenDataset } from './openDataset';

export interface ProposalRequestsDeps {
  readonly connection: Connection;
  readonly engine: Engine;
  readonly datasets: Datasets;
  readonly settings: () => Settings;
  /** Proposals of a file were added or decided on. */
  readonly onProposals: (file: string) => void;
}

/** The requests about proposals, which need the open documents: asking, showing, accepting. */
export class ProposalRequests {
  readonly #deps: ProposalRequestsDeps;
  /** The file of every proposal met, so that one is found without reading all journals. */
  readonly #fileOf = new Map<string, string>();

  constructor(deps: ProposalRequestsDeps) {
    this.#deps = deps;
  }

  async propose(params: Requests['cupel/propose']['params'], token: CancellationToken): Promise<Requests['cupel/propose']['result']> {
    const { connection, engine, datasets, onProposals } = this.#deps;
    const { dataset, work } = datasets.require(params.uri);
    // What is paid for must be of use.
    if (dataset.page) throw new Error('A page of a big file is read-only, so no response could be put into it: use cupel regenerate and cupel apply, or work on a part of the file.');
    const { requests, skipped } = requestsFor(dataset, savedPath(params.uri), params.lines);
    const { signal, dispose } = signalOf(token, work.signal);
    const progress = new RequestProgress(connection, params.workDoneToken, `Asking ${params.teacher}`);
    const received: Proposal[] = [];
    try {
      const proposals = await engine.propose({
        requests,
        teacher: params.teacher,
        mode: params.mode,
        signal,
        onProposal: (proposal) => {
          received.push(proposal);
          onProposals(proposal.file);
        },
        onProgress: (done, total) => progress.report((100 * done) / Math.max(1, total), `${done} of ${total}`),
      });
      this.#remember(proposals);
      return { proposals, skipped };
    } catch (error) {
      // What arrived before a cancellation was paid for and is kept: hand it out.
      if (!token.isCancellationRequested || received.length === 0) throw error;
      this.#remember(received);
      return { proposals: received, skipped };
    } finally {
      dispose();
      progress.done();
      onProposals(filePath(params.uri));
    }
  }

  async list({ uri }: Requests['cupel/proposals']['params']): Promise<readonly Proposal[]> {
    const proposals = await this.#deps.engine.proposals(uri === undefined ? undefined : filePath(uri));
    this.#remember(proposals);
    return proposals;
  }

  async view({ id }: Requests['cupel/proposalView']['params'], token: CancellationToken): Promise<ProposalView | null> {
    const proposal = await this.#find(id);
    if (!proposal) return null;
    const found = await this.#record(proposal, token);
    const after = proposal.response ?? '';
    const exchange = (found && exchangeOf(found.record, proposal)?.name) ?? proposal.exchange;
    return {
      title: proposalTitle({ ...proposal, line: found ? found.line + 1 : proposal.line }, this.#deltas(proposal)),
      before: found ? renderRecordView(found.record, exchange) : '',
      after: found ? renderRecordView(found.record, exchange, after) : after,
      proposal,
      ...(found && { line: found.line }),
    };
  }

  async accept({ id }: Requests['cupel/acceptProposal']['params'], token: CancellationToken): Promise<AcceptOutcome> {
    const proposal = await this.#find(id);
    if (!proposal) return { ok: false, reason: 'this proposal is no longer known' };
    if (proposal.response === undefined || proposal.status === 'failed') return { ok: false, reason: `the teacher gave no response${proposal.reason === undefined ? '' : `: ${proposal.reason}`}` };
    const found = await this.#record(proposal, token);
    if (!found) return { ok: false, reason: 'the record was edited or removed since the teacher was asked' };
    const exchange = exchangeOf(found.record, proposal);
    const splice = exchange && spliceText(found.text, exchange.response.path, proposal.response);
    if (!splice) return { ok: false, reason: 'the record no longer has this response as a text' };
    const { span, literal } = splice;
    return {
      ok: true,
      uri: found.uri,
      range: { start: { line: found.line, character: span.start }, end: { line: found.line, character: span.end } },
      newText: literal,
      documentVersion: found.version,
    };
  }

  async resolve({ id, status }: Requests['cupel/resolveProposal']['params']): Promise<null> {
    const proposal = await this.#find(id);
    await this.#deps.engine.resolveProposal(id, status);
    if (proposal) this.#deps.onProposals(proposal.file);
    return null;
  }

  async #find(id: string): Promise<Proposal | undefined> {
    const file = this.#fileOf.get(id);
    const proposals = await this.#deps.engine.proposals(file);
    this.#remember(proposals);
    return proposals.find((proposal) => proposal.id === id);
  }

  async #record(proposal: Proposal, token: CancellationToken) {
    const { signal, dispose } = signalOf(token);
    try {
      return await findRecord(this.#deps.datasets, proposal, signal);
    } finally {
      dispose();
    }
  }

  /** Both sides under one offset: a change must not come from the shift. */
  #deltas({ file, before, after }: Proposal): string {
    if (!before || !after) return '';
    const { car, ifd } = this.#deps.settings();
    const open = findOpen(this.#deps.datasets, file)?.dataset;
    const rewards = [before, after].flatMap(({ reward }) => reward?.value ?? []);
    const lowest = open?.distribution('reward')?.[0];
    const { offset } = carOffset(lowest === undefined ? rewards : [...rewards, lowest], car.offset);
    const scores = { beta: car.beta, offset };
    return describeDeltas(deriveScores(before, scores), deriveScores(after, scores), `ifd.${ifd.definition}`);
  }

  #remember(proposals: readonly Proposal[]): void {
    for (const { id, file } of proposals) this.#fileOf.set(id, file);
  }
}

function requestsFor(dataset: OpenDataset, file: string, lines: readonly number[]): { readonly requests: readonly ProposalRequest[]; readonly skipped: readonly SkippedLine[] } {
  const requests: ProposalRequest[] = [];
  const skipped: SkippedLine[] = [];
  for (const line of lines) {
    const parsed = dataset.parsed(line);
    if (parsed.status === 'empty') skipped.push({ line, reason: 'the line is empty' });
    else if (parsed.status === 'invalid') skipped.push({ line, reason: parsed.message });
    else {
      const { key: recordKey, promptKey, exchanges } = parsed.record;
      const [exchange] = exchanges;
      if (exchange) requests.push({ file, line: line + 1, recordKey, promptKey, exchange });
      else skipped.push({ line, reason: 'the record has no response to replace' });
    }
  }
  return { requests, skipped };
}
