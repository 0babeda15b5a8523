import type { InlayHint, InlayHintLabelPart } from 'vscode-languageserver-types';
import type { InvalidRule } from '../core/record/parseRecord';
import type { ScoreId } from '../core/scores/catalogue';
import { scoreDefinitions } from '../core/scores/definitions';
import { formatNumber } from '../core/scores/format';
import type { BadgePart, DatasetView } from './datasetView';
import { severityOf } from './problems/severity';
import { recordCommand } from './recordCommand';
import { scoreState, type ScoreState } from './scoreState';

/** VS Code cuts the hints of a line at this many characters (`editor.inlayHints.maximumLength`). */
export const maximumBadgeLength = 43;

/** One badge at column 0 of every line in `[from, to]` that is not empty. */
export function inlayHints(view: DatasetView, from: number, to: number): InlayHint[] {
  if (!view.settings.badge.enabled) return [];
  const hints: InlayHint[] = [];
  for (let line = Math.max(0, from); line <= Math.min(to, view.lineCount - 1); line++) {
    const label = badge(view, line);
    if (label.length > 0) hints.push({ position: { line, character: 0 }, label, paddingRight: true });
  }
  return hints;
}

function badge(view: DatasetView, line: number): InlayHintLabelPart[] {
  const summary = view.readSummary(line);
  if (summary.status === 'empty') return [];
  if (summary.status === 'invalid') return [{ value: `⚠ ${invalidTitles[summary.rule]}`, tooltip: summary.message }];
  const texts = fit(badgeTexts(view, line, formatNumber), () => badgeTexts(view, line, roughNumber));
  const open = recordCommand(view, 'openRecord', 'Open record', { lines: [line] });
  const score = recordCommand(view, 'score', 'Score this record', { lines: [line] });
  return texts.map(({ text, tooltip, unscored }, index) => {
    const command = unscored ? score : open;
    return { value: index === 0 ? text : ` ${text}`, tooltip, ...(command && { command }) };
  });
}

interface BadgeText {
  readonly text: string;
  readonly tooltip: string;
  /** A click scores the record instead of opening it. */
  readonly unscored?: boolean;
}

type Format = (value: number) => string;

const unit = { words: 'w', tokens: 't', chars: 'c' } as const;
const prefix: Readonly<Record<BadgePart, string>> = { length: '', reward: 'r', ifd: 'ifd', car: 'car' };

function badgeTexts(view: DatasetView, line: number, format: Format): BadgeText[] {
  const { badge: shown } = view.settings;
  const scores = view.scores(line);
  const states = shown.parts.map((part) => ({ part, id: scoreOf(view, part), state: scoreState(view, scores, scoreOf(view, part)) }));
  const measured = states.filter(({ part }) => part !== 'length');
  const nothingYet = measured.length > 0 && measured.every(({ state }) => state.kind === 'missing');
  const texts: BadgeText[] = [];
  for (const { part, id, state } of states) {
    if (part === 'length' && nothingYet && state.kind === 'missing') continue;
    if (part === 'length') texts.push({ text: lengthText(state, unit[shown.length], format), tooltip: tooltipOf(view, id, state) });
    else if (!nothingYet) texts.push({ text: scoreText(prefix[part], state, format), tooltip: tooltipOf(view, id, state), unscored: state.kind === 'missing' });
  }
  if (nothingYet || texts.length === 0) texts.push(unscoredText(view));
  const problems = problemsOf(view, line);
  if (problems.length > 0) texts.push({ text: `⚠${problems.length > 9 ? '9+' : problems.length}`, tooltip: problems.slice(0, 10).join('\n') });
  return texts;
}

/** The score that a part of the badge stands for. */
function scoreOf(view: DatasetView, part: BadgePart): ScoreId {
  if (part === 'length') return `length.${view.settings.badge.length}`;
  return part === 'ifd' ? `ifd.${view.settings.ifdDefinition}` : part;
}

function lengthText(state: ScoreState, suffix: string, format: Format): string {
  if (state.kind === 'missing') return `·${suffix}`;
  const stale = state.stale ? '~' : '';
  return `${state.kind === 'undefined' ? '∅' : format(state.value)}${suffix}${stale}`;
}

function scoreText(name: string, state: ScoreState, format: Format): string {
  if (state.kind === 'missing') return `${name}·`;
  const stale = state.stale ? '~' : '';
  if (state.kind === 'undefined') return `${name}${stale}∅`;
  const mark = `${stale}${state.estimate ? '≈' : ''}`;
  return `${name}${mark === '' ? ' ' : mark}${format(state.value)}`;
}

function unscoredText(view: DatasetView): BadgeText {
  if (view.running) return { text: `· scoring ${Math.floor(view.running.percent)} %`, tooltip: 'This record is waiting for its scores.' };
  return { text: '·', tooltip: 'Not scored yet.', unscored: true };
}

function tooltipOf(view: DatasetView, id: ScoreId, state: ScoreState): string {
  const { title } = scoreDefinitions[id];
  switch (state.kind) {
    case 'missing':
      return `${title}: not scored yet.`;
    case 'undefined':
      return `${title}: undefined. ${state.reason}${staleNote(state.stale)}`;
    case 'value': {
      const by = id === 'length.tokens' ? ` (${view.settings.tokenizer})` : state.scorer === undefined ? '' : `, by ${state.scorer}`;
      return `${title}: ${exact(state.value)}${by}${state.estimate ? ', an estimate' : ''}${staleNote(state.stale)}`;
    }
  }
}

function staleNote(stale: boolean): string {
  return stale ? '\nStale: the record was edited since.' : '';
}

/** Three decimals are more than any of these scores deserves, and enough to tell two records apart. */
function exact(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(3);
}

/** What is wrong with a record, one sentence each; rules that are off say nothing. That a response is one token long is plain from its length and from `∅`. */
export function problemsOf(view: DatasetView, line: number): readonly string[] {
  const summary = view.readSummary(line);
  const own = summary.status === 'ok' ? summary.problems : [];
  return [...own, ...view.findings(line)].filter(({ rule }) => severityOf(view.settings, rule) !== 'off').map(({ message }) => message);
}

/** The texts, rougher or fewer until they fit with the spaces between them. */
function fit(texts: readonly BadgeText[], rougher: () => readonly BadgeText[]): readonly BadgeText[] {
  if (widthOf(texts) <= maximumBadgeLength) return texts;
  let fitting = rougher();
  while (widthOf(fitting) > maximumBadgeLength && fitting.length > 1) {
    const tooltip = fitting.slice(-2).map((text) => text.tooltip).join('\n');
    fitting = [...fitting.slice(0, fitting.at(-1)?.text === '…' ? -2 : -1), { text: '…', tooltip }];
  }
  return fitting;
}

function widthOf(texts: readonly BadgeText[]): number {
  return texts.reduce((width, { text }) => width + text.length, texts.length - 1);
}

/** One significant digit where space is short. */
function roughNumber(value: number): string {
  return formatNumber(Number(value.toPrecision(1)));
}

const invalidTitles: Readonly<Record<InvalidRule, string>> = {
  'broken-json': 'broken JSON',
  'not-an-object': 'not an object',
  'unknown-shape': 'unknown shape',
  'too-deep': 'nested too deep',
  'too-long': 'too long to read',
};
