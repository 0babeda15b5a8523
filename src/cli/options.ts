import { InvalidArgumentError } from 'commander';
import { errorMessage } from '../base/errorMessage';
import type { CarOffsetMode } from '../core/scores/car';
import { metrics, scoreIds, type Metric, type ScoreId } from '../core/scores/catalogue';
import { parseLossModel, parseRewardModel } from '../core/scores/scorerSpec';
import { tokenizers } from '../protocol/settings';

/** Parsers of option values: each throws commander's error, which prints the option's name and exits 2. */

export function metricList(value: string): ReadonlySet<Metric> {
  const names = value.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !isMetric(name));
  if (unknown !== undefined) throw new InvalidArgumentError(`There is no metric "${unknown}". Known: ${metrics.join(', ')}.`);
  return new Set(names.filter(isMetric));
}

export function scoreId(value: string): ScoreId {
  const known = scoreIds.find((id) => id === value);
  if (!known) throw new InvalidArgumentError(`There is no score "${value}". Known: ${scoreIds.join(', ')}.`);
  return known;
}

export function wholeNumber(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError(`"${value}" is not a whole number.`);
  return Number(value);
}

export function finiteNumber(value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) throw new InvalidArgumentError(`"${value}" is not a number.`);
  return number;
}

export function nonNegative(value: string): number {
  const number = finiteNumber(value);
  if (number < 0) throw new InvalidArgumentError(`"${value}" is negative.`);
  return number;
}

export function share(value: string): number {
  const number = finiteNumber(value);
  if (number <= 0 || number > 1) throw new InvalidArgumentError(`"${value}" is not above 0 and at most 1.`);
  return number;
}

export function offsetMode(value: string): CarOffsetMode {
  return value === 'none' || value === 'min' ? value : finiteNumber(value);
}

export function shard(value: string): { readonly index: number; readonly count: number } {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(value) ?? [];
  const part = { index: Number(index), count: Number(count) };
  if (!(part.index >= 1 && part.index <= part.count)) throw new InvalidArgumentError(`"${value}" is not i/n with 1 ≤ i ≤ n.`);
  return part;
}

/** `3`, `3-7`, `1,3-7`: 1-based line numbers. */
export function lineList(value: string): ReadonlySet<number> {
  const lines = new Set<number>();
  for (const part of value.split(',')) {
    const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(part.trim()) ?? [];
    const first = Number(from);
    const last = to === undefined ? first : Number(to);
    if (!(first >= 1 && last >= first && last - first <= 10_000_000)) throw new InvalidArgumentError(`"${part}" is not a line number or a range like 3-7.`);
    for (let line = first; line <= last; line++) lines.add(line);
  }
  return lines;
}

export function tokenizerName(value: string): string {
  if (!tokenizers.some((name) => name === value)) throw new InvalidArgumentError(`There is no tokenizer "${value}". Known: ${tokenizers.join(', ')}.`);
  return value;
}

export const lossModel = checkedBy(parseLossModel);
export const rewardModel = checkedBy(parseRewardModel);

/** The text as it stands, once its parser has accepted it. */
function checkedBy(parse: (text: string) => unknown): (value: string) => string {
  return (value) => {
    try {
      parse(value);
    } catch (error) {
      throw new InvalidArgumentError(errorMessage(error));
    }
    return value;
  };
}

function isMetric(name: string): name is Metric {
  return (metrics as readonly string[]).includes(name);
}
