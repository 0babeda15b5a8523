import type { CancellationToken, Connection, WorkDoneProgressReporter } from 'vscode-languageserver';
import { Pace } from '../core/pace';
import { metrics } from '../core/scores/catalogue';
import { formatCount } from '../core/scores/format';
import type { Engine, ScoreItem } from '../engine/engine';
import { scoreItem } from '../engine/operations/scoreItem';
import type { Requests, ScoreOutcome } from '../protocol/lsp';
import type { Datasets } from './datasets';
import { RequestProgress, signalOf } from './longRequest';
import { paidConfirmation } from './paidConfirmation';
import { Pauses } from './pauses';

export interface ScoringDeps {
  readonly connection: Connection;
  readonly engine: Engine;
  readonly datasets: Datasets;
  /** The picture of the run has changed. */
  readonly onRunning: (uri: string) => void;
  /** Where the progress is shown for a request without a token. */
  readonly progress?: WorkDoneProgressReporter | undefined;
}

/** Lines whose text is held at once. */
const chunkLines = 2000;

/** `cupel/score`: all four scores of every response on the lines; what is finished when it is cancelled stays. */
export async function scoreLines({ uri, lines: numbers, workDoneToken }: Requests['cupel/score']['params'], token: CancellationToken, deps: ScoringDeps): Promise<ScoreOutcome> {
  const { connection, engine, datasets, onRunning } = deps;
  const { dataset, work } = datasets.require(uri);
  const lines = numbers ? numbers.flatMap((line) => dataset.lines.handle(line) ?? []) : dataset.lines.snapshot();
  const progress = new RequestProgress(connection, workDoneToken ?? deps.progress, 'Scoring');
  const { signal, dispose } = signalOf(token, work.signal);
  const pauses = new Pauses();
  const seen = new Set<string>();
  const run = dataset.startRun('Scoring');
  const outcome = { scored: 0, reused: 0, invalid: 0, cancelled: false };
  const pace = new Pace(Date.now());
  /** `worked` counts lines by the length of their texts: the longest come first where scoring is slow. */
  const report = (done: number, worked: number) => {
    const share = worked / Math.max(1, lines.length);
    run.report(100 * share);
    onRunning(uri);
    progress.report(100 * share, `${formatCount(Math.floor(done))} of ${formatCount(lines.length)} lines${pace.describe(Date.now(), done, share)}`);
  };
  let begun = 0;
  const confirmPaid = paidConfirmation({ connection, signal, scale: () => Math.max(1, (lines.length - begun) / chunkLines) });
  try {
    for (let start = 0; start < lines.length; start += chunkLines) {
      begun = start;
      report(start, start);
      const chunk = lines.slice(start, start + chunkLines);
      const items: ScoreItem[] = [];
      for (const line of chunk) {
        await pauses.breathe(signal);
        const parsed = dataset.read(line);
        if (parsed.status === 'invalid') outcome.invalid += 1;
        if (parsed.status !== 'ok') continue;
        for (const exchange of parsed.record.exchanges) {
          if (seen.has(exchange.key)) continue;
          seen.add(exchange.key);
          items.push(scoreItem(exchange));
        }
      }
      const { basis } = dataset;
      const { computed, reused } = await engine.score({
        items,
        metrics: new Set(metrics),
        signal,
        confirmPaid,
        onMeasured: (batch) => work.learn(batch, basis),
        onProgress: (done, total, share) => report(start + (chunk.length * done) / Math.max(1, total), start + chunk.length * share),
      });
      outcome.scored += computed;
      outcome.reused += reused;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    outcome.cancelled = true;
  } finally {
    dispose();
    run.end();
    progress.done();
    onRunning(uri);
  }
  return outcome;
}
