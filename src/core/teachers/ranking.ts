import { car, carOffset } from '../scores/car';
import type { CarOffsetMode } from '../scores/car';
import { formatAmount } from '../scores/format';
import { spearman } from '../scores/summary';
import { collectColumns } from './rankingColumns';
import type { TeacherColumns } from './rankingColumns';
import { carInterval } from './rankingInterval';
import type { TeacherSheet } from './teacherSheet';

export interface RankingOptions {
  /** CAR's β. */
  readonly beta: number;
  readonly offset: CarOffsetMode;
}

/** The columns whose agreement is reported, in the order in which pairs are named. */
const rankedColumns = ['car', 'reward', 'loss', 'length.tokens', 'length.words', 'ifd.ppl', 'perplexity'] as const;
export type RankedColumn = (typeof rankedColumns)[number];

/** One teacher's line. Numbers are finite or absent. */
export interface RankedTeacher extends Readonly<Partial<Record<RankedColumn, number>>> {
  readonly teacher: string;
  /** Instructions compared: the same for every teacher. */
  readonly n: number;
  /** 95 % of the bootstrap's CARs lie within. */
  readonly 'car.interval'?: readonly [low: number, high: number];
  /** Responses that look like a refusal. */
  readonly refusals: number;
  /** Of the n, how many have no reward, no loss or no IFD; they take no part in that mean. Zero counts are left out. */
  readonly undefined: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

/** Printed as it is by `rank-teachers --json`. Best CAR first; teachers without a CAR last. */
export interface TeacherRanking {
  /** Instructions that every teacher answered. */
  readonly records: number;
  /** Instructions that at least one teacher answered. */
  readonly instructions: number;
  /** Per teacher that lacks some: how many of the instructions that any teacher answered it does not. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly beta: number;
  /** What was added to every teacher's rewards before CAR; null when negative rewards met the offset `none`. */
  readonly offset: number | null;
  readonly teachers: readonly RankedTeacher[];
  /** `car~reward` and so on: Spearman's ρ over the teachers, where both columns are known and vary. */
  readonly spearman: Readonly<Record<string, number>>;
  /** Neighbours in the ranking whose CAR intervals overlap. */
  readonly indistinct: readonly (readonly [better: string, worse: string])[];
  readonly notes: readonly string[];
}

/**
 * Compares teachers on the instructions that all of them answered. CAR is the published ratio of means (arXiv 2411.07133), under one
 * offset for all; `loss` is the mean over records of each record's mean token loss, `perplexity` its exponential.
 */
export function rankTeachers(sheets: readonly TeacherSheet[], options: RankingOptions): TeacherRanking {
  const { common, instructions, dropped } = intersect(sheets);
  const columns = sheets.map((sheet) => collectColumns(sheet, common));
  const offset = carOffset(rewardsOf(columns), options.offset);
  const teachers = columns.map((column, index) => rankedTeacher(column, sheets[index], options.beta, offset.offset)).sort(byCar);
  return {
    records: common.length,
    instructions,
    dropped,
    beta: options.beta,
    offset: offset.offset ?? null,
    teachers,
    spearman: agreements(teachers),
    indistinct: overlappingNeighbours(teachers),
    notes: offset.offset === undefined ? [`CAR is undefined: ${offset.reason}.`] : [],
  };
}

function intersect(sheets: readonly TeacherSheet[]): { common: readonly string[]; instructions: number; dropped: Record<string, number> } {
  const answeredBy = new Map<string, number>();
  for (const { rows } of sheets) for (const key of rows.keys()) answeredBy.set(key, (answeredBy.get(key) ?? 0) + 1);
  const common = [...answeredBy].filter(([, teachers]) => teachers === sheets.length).map(([key]) => key);
  const lacking = sheets.map(({ teacher, rows }) => [teacher, answeredBy.size - rows.size] as const);
  return { common, instructions: answeredBy.size, dropped: Object.fromEntries(lacking.filter(([, records]) => records > 0)) };
}

function* rewardsOf(columns: readonly TeacherColumns[]): Iterable<number> {
  for (const { reward } of columns) for (const value of reward.values) if (!Number.isNaN(value)) yield value;
}

function rankedTeacher(columns: TeacherColumns, sheet: TeacherSheet | undefined, beta: number, offset: number | undefined): RankedTeacher {
  const reward = columns.reward.mean;
  const loss = columns.loss.mean;
  const comparable = offset !== undefined && reward !== undefined && loss !== undefined;
  const numbers: Partial<Record<RankedColumn, number | undefined>> = {
    car: comparable ? car(reward + offset, loss, beta) : undefined,
    reward,
    loss,
    'length.tokens': columns.tokens.mean,
    'length.words': columns.words.mean,
    'ifd.ppl': columns.ifd.mean,
    perplexity: loss === undefined ? undefined : Math.exp(loss),
  };
  const interval = comparable ? carInterval(columns.reward.values, columns.loss.values, { beta, offset }) : undefined;
  const absent = { reward: columns.reward.absent, loss: columns.loss.absent, 'ifd.ppl': columns.ifd.absent };
  return {
    teacher: columns.teacher,
    n: columns.n,
    ...finiteOnly(numbers),
    ...(interval && { 'car.interval': interval }),
    refusals: columns.refusals,
    undefined: Object.fromEntries(Object.entries(absent).filter(([, records]) => records > 0)),
    warnings: [...columns.warnings, ...sheetWarnings(sheet)],
  };
}

function finiteOnly(numbers: Partial<Record<RankedColumn, number | undefined>>): Partial<Record<RankedColumn, number>> {
  return Object.fromEntries(Object.entries(numbers).filter(([, value]) => Number.isFinite(value)));
}

function sheetWarnings(sheet: TeacherSheet | undefined): string[] {
  const duplicates = sheet?.duplicates ?? 0;
  const invalid = sheet?.invalid ?? 0;
  return [
    ...(duplicates > 0 ? [`${formatAmount(duplicates, 'further answer')} to the same instructions left out`] : []),
    ...(invalid > 0 ? [`${formatAmount(invalid, 'unreadable line')} left out`] : []),
  ];
}

function byCar(a: RankedTeacher, b: RankedTeacher): number {
  return (b.car ?? -Infinity) - (a.car ?? -Infinity) || 0;
}

function agreements(teachers: readonly RankedTeacher[]): Record<string, number> {
  const pairs: Record<string, number> = {};
  rankedColumns.forEach((left, index) => {
    for (const right of rankedColumns.slice(index + 1)) {
      const known = teachers.flatMap((teacher) => {
        const [a, b] = [teacher[left], teacher[right]];
        return a === undefined || b === undefined ? [] : [[a, b] as const];
      });
      const rho = spearman(
        known.map(([a]) => a),
        known.map(([, b]) => b),
      );
      if (rho !== undefined) pairs[`${left}~${right}`] = rho;
    }
  });
  return pairs;
}

function overlappingNeighbours(teachers: readonly RankedTeacher[]): (readonly [string, string])[] {
  return teachers.flatMap((better, index) => {
    const worse = teachers[index + 1];
    const low = better['car.interval']?.[0];
    const high = worse?.['car.interval']?.[1];
    return worse !== undefined && low !== undefined && high !== undefined && high >= low ? [[better.teacher, worse.teacher] as const] : [];
  });
}
