import type { Measurement } from '../../core/scores/catalogue';
import { rankTeachers, type TeacherRanking, type TeacherSheet } from '../../core/teachers/ranking';
import type { Engine } from '../engine';
import { readDataset } from '../files/dataset';
import { scoreItem, type CarOptions } from './scoreFile';

/** A teacher's answers: a dataset file, and the name it goes by. */
export interface TeacherSource {
  readonly name: string;
  readonly path: string;
}

export interface RankOptions extends CarOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Compares teachers on the instructions that all of them answered.
 *
 * Each file is read and scored in turn; a response that several files share is measured once.
 * @throws DatasetError when a file cannot be read.
 */
export async function rankTeacherFiles(engine: Engine, sources: readonly TeacherSource[], options: RankOptions): Promise<TeacherRanking> {
  const sheets: TeacherSheet[] = [];
  for (const [index, source] of sources.entries()) {
    sheets.push(await readSheet(engine, source, options.signal));
    options.onProgress?.(index + 1, sources.length);
  }
  return rankTeachers(sheets, { beta: options.beta, offset: options.offset });
}

async function readSheet(engine: Engine, source: TeacherSource, signal: AbortSignal | undefined): Promise<TeacherSheet> {
  const answers = new Map<string, { item: ReturnType<typeof scoreItem> }>();
  let invalid = 0;
  let duplicates = 0;
  for await (const { parsed } of readDataset(source.path, signal)) {
    if (parsed.status === 'empty') continue;
    const exchange = parsed.status === 'ok' ? parsed.record.exchanges[0] : undefined;
    if (parsed.status === 'invalid' || !exchange) invalid += 1;
    else if (answers.has(parsed.record.promptKey)) duplicates += 1;
    else answers.set(parsed.record.promptKey, { item: scoreItem(exchange) });
  }
  const measured = new Map<string, Measurement>();
  await engine.score({
    items: [...answers.values()].map(({ item }) => item),
    metrics: new Set(['length', 'ifd', 'icIfd', 'reward', 'car']),
    ...(signal && { signal }),
    onMeasured: (batch) => {
      for (const measurement of batch) measured.set(measurement.key, measurement);
    },
  });
  const rows = new Map(
    [...answers].map(([promptKey, { item }]) => [promptKey, { measurement: measured.get(item.key) ?? { key: item.key }, response: item.response }]),
  );
  return { teacher: source.name, rows, duplicates, invalid };
}
