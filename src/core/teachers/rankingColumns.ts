import { formatAmount, formatCount } from '../scores/format';
import { ifdPpl, meanLoss } from '../scores/ifd';
import type { Measurement } from '../scores/catalogue';
import { looksLikeRefusal } from './rankingRefusal';
import type { TeacherSheet } from './teacherSheet';

/** One measured quantity over the compared instructions; NaN in `values` where a record has none. */
export interface Column {
  readonly values: Float64Array;
  /** Over the records that have a value; undefined when none has. */
  readonly mean: number | undefined;
  /** Records without a value. */
  readonly absent: number;
}

/** What is known of one teacher, record by record, in the order of the compared instructions. */
export interface TeacherColumns {
  readonly teacher: string;
  readonly n: number;
  readonly reward: Column;
  readonly loss: Column;
  readonly ifd: Column;
  readonly tokens: Column;
  readonly words: Column;
  readonly refusals: number;
  readonly warnings: readonly string[];
}

export function collectColumns({ teacher, rows }: TeacherSheet, promptKeys: readonly string[]): TeacherColumns {
  const answers = promptKeys.flatMap((key) => rows.get(key) ?? []);
  const responses = answers.map(({ response }) => response);
  const column = (pick: (measurement: Measurement) => number | undefined): Column => toColumn(answers.map(({ measurement }) => pick(measurement)));
  return {
    teacher,
    n: answers.length,
    reward: column(({ reward }) => reward?.value),
    loss: column(({ loss }) => loss?.cond && meanLoss(loss.cond)),
    ifd: column(({ loss }) => loss?.cond && loss.direct && ifdPpl(meanLoss(loss.cond), meanLoss(loss.direct))),
    tokens: column(({ length }) => length?.tokens),
    words: column(({ length }) => length?.words),
    refusals: responses.filter(looksLikeRefusal).length,
    warnings: [...repetitionWarning(responses), ...emptyWarning(responses)],
  };
}

function toColumn(picked: readonly (number | undefined)[]): Column {
  const values = Float64Array.from(picked, (value) => (value !== undefined && Number.isFinite(value) ? value : NaN));
  let [sum, known] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    known++;
  }
  return { values, mean: known === 0 ? undefined : sum / known, absent: values.length - known };
}

/** A teacher that says one thing to everybody can fool a judge; from this share of the instructions on it is named. */
const repeatedShare = 0.5;

function repetitionWarning(responses: readonly string[]): string[] {
  const times = new Map<string, number>();
  for (const response of responses) if (response.trim() !== '') times.set(response, (times.get(response) ?? 0) + 1);
  const most = Math.max(0, ...times.values());
  if (most < 2 || most < repeatedShare * responses.length) return [];
  return most === responses.length ? ['the same response everywhere'] : [`the same response to ${formatCount(most)} of ${formatAmount(responses.length, 'instruction')}`];
}

function emptyWarning(responses: readonly string[]): string[] {
  const empty = responses.filter((response) => response.trim() === '').length;
  return empty === 0 ? [] : [formatAmount(empty, 'empty response')];
}
