import { metrics, type Measurement } from '../../core/scores/catalogue';
import { rankTeachers, type TeacherRanking } from '../../core/teachers/ranking';
import type { TeacherSheet } from '../../core/teachers/teacherSheet';
import type { TeacherSource } from '../../core/teachers/teacherSource';
import type { Engine, ScoreItem, ScoreRun } from '../engine';
import { readDataset } from '../files/dataset';
import type { CarOptions } from './scoreFile';
import { answeredItem, scoreItem } from './scoreItem';
import { rememberVersion } from './unchanged';

export interface RankOptions extends CarOptions, Pick<ScoreRun, 'confirmPaid'> {
  readonly signal?: AbortSignal;
  /** Files done, and which share of the work that is. */
  readonly onProgress?: (done: number, total: number, share: number) => void;
}

/**
 * Compares teachers on the instructions that all of them answered.
 *
 * Each file is read and scored in turn; a response that several files share is measured once.
 * @throws DatasetError when a file cannot be read or changes meanwhile.
 */
export async function rankTeacherFiles(engine: Engine, sources: readonly TeacherSource[], options: RankOptions): Promise<TeacherRanking> {
  const sheets: TeacherSheet[] = [];
  for (const [index, source] of sources.entries()) {
    const report = (done: number, share: number) => options.onProgress?.(done, sources.length, (index + share) / sources.length);
    sheets.push(await readSheet(engine, source, { ...options, onProgress: (_done, _total, share) => report(index, share) }));
    report(index + 1, 1);
  }
  return rankTeachers(sheets, { beta: options.beta, offset: options.offset });
}

async function readSheet(engine: Engine, source: TeacherSource, { signal, confirmPaid, onProgress }: RankOptions): Promise<TeacherSheet> {
  const proposed = source.proposedBy === undefined ? undefined : await proposedResponses(engine, source.path, source.proposedBy);
  const answers = new Map<string, ScoreItem>();
  let invalid = 0;
  let duplicates = 0;
  const assertUnchanged = await rememberVersion(source.path, { once: true });
  for await (const { parsed } of readDataset(source.path, signal)) {
    if (parsed.status === 'empty') continue;
    const exchange = parsed.status === 'ok' ? parsed.record.exchanges[0] : undefined;
    if (parsed.status === 'invalid' || !exchange) {
      invalid += 1;
      continue;
    }
    const { promptKey } = parsed.record;
    const response = proposed?.get(promptKey);
    if (proposed && response === undefined) continue;
    const answer = response === undefined ? scoreItem(exchange) : answeredItem(exchange.prompt, response);
    if (answers.has(promptKey)) duplicates += 1;
    else answers.set(promptKey, answer);
  }
  await assertUnchanged();
  const measured = new Map<string, Measurement>();
  await engine.score({
    items: [...answers.values()],
    metrics: new Set(metrics),
    ...(signal && { signal }),
    ...(confirmPaid && { confirmPaid }),
    ...(onProgress && { onProgress }),
    onMeasured: (batch) => {
      for (const measurement of batch) measured.set(measurement.key, measurement);
    },
  });
  const rows = new Map(
    [...answers].map(([promptKey, item]) => [promptKey, { measurement: measured.get(item.key) ?? { key: item.key }, response: item.response }]),
  );
  return { teacher: source.name, rows, duplicates, invalid };
}

/** The latest response to each prompt. */
async function proposedResponses(engine: Engine, dataset: string, teacher: string): Promise<ReadonlyMap<string, string>> {
  const kept = await engine.proposals(dataset);
  return new Map(kept.flatMap((proposal) => (proposal.teacher === teacher && proposal.mode === 'regenerate' && proposal.response !== undefined ? [[proposal.promptKey, proposal.response]] : [])));
}
