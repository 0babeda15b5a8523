import type { CancellationToken, Connection } from 'vscode-languageserver';
import type { ScorerFact } from '../core/scores/scorer';
import { renderRanking } from '../core/teachers/rankingReport';
import type { Engine } from '../engine/engine';
import { rankTeacherFiles } from '../engine/operations/rankTeacherFiles';
import { escapeMarkdown, fencedText } from '../languageService/hostileText';
import type { Requests } from '../protocol/lsp';
import type { Settings } from '../protocol/settings';
import { RequestProgress, signalOf } from './longRequest';
import { paidConfirmation } from './paidConfirmation';

type Rank = Requests['cupel/rankTeachers'];

export interface RankingDeps {
  readonly connection: Connection;
  readonly engine: Engine;
  readonly settings: Settings;
}

/** `cupel/rankTeachers`: the table to read, and the same as JSON. */
export async function rankTeachers({ sources, workDoneToken }: Rank['params'], token: CancellationToken, { connection, engine, settings }: RankingDeps): Promise<Rank['result']> {
  const { signal, dispose } = signalOf(token);
  const progress = new RequestProgress(connection, workDoneToken, 'Ranking teachers');
  try {
    const ranking = await rankTeacherFiles(engine, sources, {
      ...settings.car,
      signal,
      confirmPaid: paidConfirmation({ connection, signal }),
      onProgress: (done, total, share) => progress.report(100 * share, `${done} of ${total} files`),
    });
    const { loss, reward } = await engine.scorers();
    const table = renderRanking(ranking, { loss: nameOf(loss), reward: nameOf(reward) });
    const files = sources.map(({ name, path }) => `- ${escapeMarkdown(name)}: ${escapeMarkdown(path)}`);
    const json = JSON.stringify({ ...ranking, scorers: { loss: loss.id, reward: reward.id } }, null, 2);
    return { markdown: ['# Rank of teachers', fencedText(table.trimEnd()), ...note('Loss', loss), ...note('Reward', reward), files.join('\n'), ''].join('\n\n'), json };
  } finally {
    dispose();
    progress.done();
  }
}

function nameOf({ id, estimate }: ScorerFact): string {
  return estimate ? `${id} (estimate)` : id;
}

function note(what: string, { id, agreement }: ScorerFact): string[] {
  return agreement === undefined ? [] : [`${what} by ${escapeMarkdown(id)}: ${escapeMarkdown(agreement)}`];
}
