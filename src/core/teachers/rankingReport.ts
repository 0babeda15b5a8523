import { formatAmount, formatCount, formatNumber } from '../scores/format';
import { countChars } from '../scores/length';
import type { RankedColumn, RankedTeacher, TeacherRanking } from './ranking';

/** Who measured: `gpt2 (estimate)`, `embedded@2`. */
export interface RankingFacts {
  readonly loss: string;
  readonly reward: string;
}

/** A ranking as plain text with aligned columns, for a terminal or a fenced block in an editor. Ends with a newline. */
export function renderRanking(ranking: TeacherRanking, facts: RankingFacts): string {
  const sentences = [...indistinctSentences(ranking), agreementSentence(ranking), ...ranking.notes].filter((sentence) => sentence !== '');
  return [` ${headline(ranking, facts)}`, ...table(ranking.teachers), ...sentences.map((sentence) => ` ${sentence}`), ''].join('\n');
}

function headline({ records, instructions, dropped, beta, offset }: TeacherRanking, facts: RankingFacts): string {
  const lacking = Object.entries(dropped).map(([teacher, count]) => `${printable(teacher)} lacks ${formatCount(count)}`);
  const compared = lacking.length === 0 ? formatAmount(records, 'instruction') : `${formatCount(records)} of ${formatAmount(instructions, 'instruction')} (${lacking.join(', ')})`;
  const shift = offset === null ? 'offset none' : `offset ${formatNumber(offset)}`;
  return `base ${printable(facts.loss)} · reward ${printable(facts.reward)} · β ${beta} · ${shift} · ${compared}`;
}

const header = ['', 'teacher', 'n', 'CAR', '[95 %]', 'reward', 'loss', 'IFD', 'ppl', 'tokens', 'words', 'refusals', ''];
/** Texts stand left, numbers right. */
const leftAligned = new Set([1, 12]);

function table(teachers: readonly RankedTeacher[]): string[] {
  const digits = carDigits(teachers);
  const rows = [header, ...teachers.map((teacher, index) => cells(teacher, index + 1, digits))];
  const widths = header.map((_, column) => Math.max(...rows.map((row) => countChars(row[column] ?? ''))));
  return rows.map((row) => row.map((cell, column) => pad(cell, widths[column] ?? 0, leftAligned.has(column))).join('  ').trimEnd());
}

function cells(teacher: RankedTeacher, rank: number, digits: number): string[] {
  const number = (column: RankedColumn): string => formatNumber(teacher[column]);
  const interval = teacher['car.interval'];
  return [
    String(rank),
    printable(teacher.teacher),
    formatCount(teacher.n),
    fixed(teacher.car, digits),
    interval === undefined ? '' : `[${interval.map((end) => fixed(end, digits)).join(' ')}]`,
    number('reward'),
    number('loss'),
    number('ifd.ppl'),
    number('perplexity'),
    whole(teacher['length.tokens']),
    whole(teacher['length.words']),
    formatCount(teacher.refusals),
    teacher.warnings.length === 0 ? '' : `⚠ ${teacher.warnings.join(' · ')}`,
  ];
}

/** One number of decimals for the whole column, so that three digits of the largest CAR are seen. */
function carDigits(teachers: readonly RankedTeacher[]): number {
  const largest = Math.max(0, ...teachers.map(({ car }) => Math.abs(car ?? 0)));
  return largest > 0 ? Math.min(8, Math.max(0, 2 - Math.floor(Math.log10(largest)))) : 3;
}

function fixed(value: number | undefined, digits: number): string {
  if (value === undefined) return '∅';
  const text = value.toFixed(Math.min(digits, 8));
  return text.replace(/^(-?)0\./u, '$1.');
}

function whole(value: number | undefined): string {
  return value === undefined ? '∅' : formatCount(Math.round(value));
}

/** `1 and 2 cannot be told apart on this sample.`, `3 to 6 cannot …` for a run of neighbours. */
function indistinctSentences({ teachers, indistinct }: TeacherRanking): string[] {
  const better = new Set(indistinct.map(([first]) => first));
  const sentences: string[] = [];
  for (let start = 0; start < teachers.length; ) {
    let end = start;
    while (better.has(teachers[end]?.teacher ?? '')) end++;
    if (end === start + 1) sentences.push(`${start + 1} and ${end + 1} cannot be told apart on this sample.`);
    if (end > start + 1) sentences.push(`${start + 1} to ${end + 1} cannot be told apart from their neighbours on this sample.`);
    start = end + 1;
  }
  return sentences;
}

const shownAgreements = [
  ['car~reward', 'CAR~reward'],
  ['car~loss', 'CAR~loss'],
  ['car~length.tokens', 'CAR~length'],
  ['car~ifd.ppl', 'CAR~IFD'],
] as const;

function agreementSentence({ spearman }: TeacherRanking): string {
  const parts = shownAgreements.flatMap(([pair, name]) => {
    const rho = spearman[pair];
    return rho === undefined ? [] : [`${name} ${rho.toFixed(2).replace(/^(-?)0\./u, '$1.')}`];
  });
  return parts.length === 0 ? '' : `Spearman ${parts.join(', ')}`;
}

function pad(text: string, width: number, left: boolean): string {
  const fill = ' '.repeat(Math.max(0, width - countChars(text)));
  return left ? text + fill : fill + text;
}

/** A teacher's name comes from a file's name or a setting: on one line, unable to close a fenced block. */
function printable(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}`]/gu, '�').slice(0, 60);
}
