import type { CancellationToken, Connection } from 'vscode-languageserver';
import { errorMessage } from '../base/errorMessage';
import { formatBytes } from '../base/formatBytes';
import { tinyModel } from '../core/scores/scorerSpec';
import type { Engine } from '../engine/engine';
import type { DownloadPlan } from '../engine/hub/download';
import { MissingModelError } from '../engine/hub/missingModelError';
import type { ModelDownload, Requests, ScorerEntry, ScorerKind } from '../protocol/lsp';
import { RequestProgress, signalOf } from './longRequest';
import { teacherChoices } from './teacherChoices';

export interface ScorerRequestsDeps {
  readonly connection: Connection;
  readonly engine: Engine;
}

interface Candidate {
  readonly model: string;
  /** Known before anything is looked at. */
  readonly detail?: string;
}

/** The requests about what scores: what there is, whether it can, and fetching what is not there. */
export class ScorerRequests {
  readonly #deps: ScorerRequestsDeps;
  /** What the person was shown last about a name is what is fetched when they agree. */
  readonly #plans = new Map<string, DownloadPlan>();

  constructor(deps: ScorerRequestsDeps) {
    this.#deps = deps;
  }

  /** Reads descriptions of models on this machine; loads no weights, calls no server. */
  async list(token: CancellationToken): Promise<Requests['cupel/scorers']['result']> {
    const { engine } = this.#deps;
    const { signal, dispose } = signalOf(token);
    try {
      const found = await engine.foundModels();
      signal.throwIfAborted();
      const { lossModel, rewardModel, teachers } = engine.config;
      const endpoints = teacherChoices(teachers.filter(({ kind }) => kind === 'openai'), undefined);
      const judges = endpoints.map(({ id, description }): Candidate => ({ model: `judge:${id}`, detail: `judge, ${description}` }));
      const named = (head: 'language-model' | 'reward') => found.filter((model) => model.head === head).map(({ name }): Candidate => ({ model: name }));
      const [loss, reward] = await Promise.all([
        this.#entries('loss', lossModel, [{ model: embedded }, { model: tinyModel }, ...named('language-model')], signal),
        this.#entries('reward', rewardModel, [{ model: embedded }, ...named('reward'), ...judges], signal),
      ]);
      return { loss, reward };
    } finally {
      dispose();
    }
  }

  /** A model that cannot score is an answer; only a cancellation rejects. */
  async check({ kind, model, workDoneToken }: Requests['cupel/checkScorer']['params'], token: CancellationToken): Promise<Requests['cupel/checkScorer']['result']> {
    const { connection, engine } = this.#deps;
    const { signal, dispose } = signalOf(token);
    const progress = new RequestProgress(connection, workDoneToken, 'Trying the model');
    try {
      const { id, detail } = await engine.checkScorer(kind, model, signal);
      return { ok: true, id, ...(detail !== undefined && { detail }) };
    } catch (error) {
      signal.throwIfAborted();
      return { ok: false, ...failure(error) };
    } finally {
      dispose();
      progress.done();
    }
  }

  async plan({ name, workDoneToken }: Requests['cupel/planModelDownload']['params'], token: CancellationToken): Promise<ModelDownload> {
    const { connection, engine } = this.#deps;
    const { signal, dispose } = signalOf(token);
    const progress = new RequestProgress(connection, workDoneToken, 'Asking the hub');
    try {
      const plan = await engine.planDownload(name, signal);
      this.#plans.set(name, plan);
      const { revision, files, bytes, present, folder, licence } = plan;
      return { name: plan.name, revision, files: files.map(({ path, bytes: size }) => ({ path, bytes: size })), bytes, present, folder, ...(licence !== undefined && { licence }) };
    } finally {
      dispose();
      progress.done();
    }
  }

  async download({ name, workDoneToken }: Requests['cupel/downloadModel']['params'], token: CancellationToken): Promise<{ folder: string }> {
    const { connection, engine } = this.#deps;
    const { signal, dispose } = signalOf(token);
    const progress = new RequestProgress(connection, workDoneToken, `Downloading ${name}`);
    try {
      const plan = this.#plans.get(name) ?? (await engine.planDownload(name, signal));
      const onProgress = (done: number, total: number) => progress.report((100 * done) / Math.max(1, total), `${formatBytes(done)} of ${formatBytes(total)}`);
      const { folder } = await engine.downloadModel(plan, { signal, onProgress });
      this.#plans.delete(name);
      return { folder };
    } finally {
      dispose();
      progress.done();
    }
  }

  /** The active model is among them, first when it is none of the candidates. */
  async #entries(kind: ScorerKind, active: string, candidates: readonly Candidate[], signal: AbortSignal): Promise<ScorerEntry[]> {
    const own = candidates.some(({ model }) => model === active) ? [] : [{ model: active }];
    const entries = await Promise.all([...own, ...candidates].map((candidate) => this.#entry(kind, candidate, candidate.model === active)));
    signal.throwIfAborted();
    const activeId = entries.find((entry) => entry.active)?.id;
    // One model may go by two names, or lie both in a folder and in the cache.
    return entries.filter((entry) => entry.active || entry.id === undefined || entry.id !== activeId);
  }

  async #entry(kind: ScorerKind, { model, detail: known }: Candidate, active: boolean): Promise<ScorerEntry> {
    try {
      const { id, estimate, detail = known, agreement } = await this.#deps.engine.describeScorer(kind, model);
      return { model, active, id, estimate, ...(detail !== undefined && { detail }), ...(agreement !== undefined && { agreement }) };
    } catch (error) {
      const { reason, download } = failure(error);
      return { model, active, estimate: false, problem: reason, ...(known !== undefined && { detail: known }), ...(download !== undefined && { download }) };
    }
  }
}

const embedded = 'embedded';

function failure(error: unknown): { readonly reason: string; readonly download?: string } {
  const download = error instanceof MissingModelError ? error.download : undefined;
  return { reason: errorMessage(error), ...(download !== undefined && { download }) };
}
