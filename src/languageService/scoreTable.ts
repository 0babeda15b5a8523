import type { ScoreId } from '../core/scores/catalogue';
import { scoreDefinitions } from '../core/scores/definitions';
import { formatNumber } from '../core/scores/format';
import type { RewardReason, ScorerFact } from '../core/scores/scorer';
import { percentile } from '../core/scores/summary';
import type { DatasetView, RecordScores } from './datasetView';
import { barsOf, histogramImage, histogramText } from './histogram';
import { escapeMarkdown } from './hostileText';
import { scoreState, type ScoreState } from './scoreState';

const bins = 16;

/** The scores of a record as a Markdown table: value, place in the file, histogram. */
export function scoreTable(view: DatasetView, line: number): string {
  const scores = view.scores(line);
  const ifd: ScoreId = `ifd.${view.settings.ifdDefinition}`;
  const rows = [
    lengthRow(view, scores),
    ...(['reward', ifd, 'icIfd', 'car'] as const).map((id) => {
      const state = scoreState(view, scores, id);
      return row(view, id, state, { title: scoreDefinitions[id].title, value: stateText(state) });
    }),
  ];
  return [`| | value | ${view.page ? 'on this page' : 'in this file'} | |`, '|:--|:--|:--|:--|', ...rows].join('\n');
}

function row(view: DatasetView, id: ScoreId, state: ScoreState, { title, value }: { readonly title: string; readonly value: string }): string {
  // VS Code draws table cells without a gap and trims plain spaces; an em space, as an entity, keeps a value from its place in the file.
  return `| **${title}**&emsp; | ${value}&emsp; | ${place(view, id, state)}&emsp; | ${histogramCell(view, id, state)} |`;
}

function lengthRow(view: DatasetView, scores: RecordScores): string {
  const shown = (['words', 'tokens', 'chars'] as const).flatMap((kind) => {
    const state = scoreState(view, scores, `length.${kind}`);
    if (state.kind !== 'value') return [];
    const by = kind === 'tokens' ? ` (${escapeMarkdown(view.settings.tokenizer)})` : '';
    return [`${count(state.value, singular[kind])}${by}${state.stale ? ' ~' : ''}`];
  });
  const id: ScoreId = `length.${view.settings.badge.length}`;
  return row(view, id, scoreState(view, scores, id), { title: 'Length', value: shown.join(' · ') || 'not measured yet' });
}

const singular = { words: 'word', tokens: 'token', chars: 'char' } as const;

function count(value: number, noun: string): string {
  return `${value} ${noun}${value === 1 ? '' : 's'}`;
}

function stateText(state: ScoreState): string {
  switch (state.kind) {
    case 'missing':
      return 'not scored yet';
    case 'undefined':
      return `∅ ${escapeMarkdown(state.reason)}${state.stale ? ' (stale: edited since)' : ''}`;
    case 'value':
      return `${state.estimate ? '≈ ' : ''}${formatNumber(state.value)}${state.stale ? ' ~ stale: edited since' : ''}`;
  }
}

/** Where the record stands among the file's records: `shorter than 98 %`, `among the lowest 3 %`. */
function place(view: DatasetView, id: ScoreId, state: ScoreState): string {
  const sorted = view.distribution(id);
  if (state.kind !== 'value' || state.stale || sorted === undefined || sorted.length < 2) return '';
  const below = percentile(sorted, state.value);
  if (id.startsWith('length.')) return below < 50 ? `shorter than ${percent(100 - below)}` : `longer than ${percent(below)}`;
  if (below < 10) return `among the lowest ${percent(below)}`;
  return below > 90 ? `among the highest ${percent(100 - below)}` : `higher than ${percent(below)}`;
}

function percent(share: number): string {
  return share < 1 ? '1 %' : `${Math.round(Math.min(99, share))} %`;
}

function histogramCell(view: DatasetView, id: ScoreId, state: ScoreState): string {
  const sorted = view.distribution(id);
  if (state.kind !== 'value' || sorted === undefined || sorted.length < 2) return '';
  const bars = barsOf(sorted, state.value, bins);
  const text = histogramText(bars);
  return view.settings.images ? `![${text}](${histogramImage(bars)})` : text;
}

/** Why the reward is what it is, strongest first, on one line. */
export function rewardReasons(view: DatasetView, line: number, reasons: readonly RewardReason[]): string {
  if (reasons.length === 0 || scoreState(view, view.scores(line), 'reward').kind !== 'value') return '';
  const shown = reasons.slice(0, 6).map(({ text, effect }) => `${effect < 0 ? '−' : '+'} ${escapeMarkdown(text)}`);
  return `Reward: ${shown.join(' · ')}`;
}

/** What made each score and what it means: one Markdown list item each. */
export function scoreNotes(view: DatasetView, line: number): string {
  const scores = view.scores(line);
  const notes: string[] = [];
  const reward = scoreState(view, scores, 'reward');
  if (reward.kind === 'value') {
    notes.push(`**Reward**: ${maker(view.scorers?.reward, reward.scorer)}.`);
  }
  const ifdId: ScoreId = `ifd.${view.settings.ifdDefinition}`;
  const ifd = scoreState(view, scores, ifdId);
  if (ifd.kind === 'value') {
    const { definition, meaning } = scoreDefinitions[ifdId];
    notes.push(`**IFD**: ${escapeMarkdown(definition)}, ${maker(view.scorers?.loss, ifd.scorer)}. ${escapeMarkdown(meaning)}`);
  }
  if (scoreState(view, scores, 'car').kind === 'value') {
    const { beta, carOffset } = view.settings;
    const shift = carOffset === undefined || carOffset === 0 ? '' : `, every reward shifted by ${formatNumber(carOffset)} because some are negative`;
    notes.push(`**CAR**: ${escapeMarkdown(scoreDefinitions.car.definition)}, β ${beta}${shift}. Per-record extension of a dataset-level score.`);
  }
  return notes.map((note) => `- ${note}`).join('\n');
}

/** `gpt2@1f2e (124 M parameters, plain template)`, `embedded@2 (an estimate: Spearman .80)`; a fact about another scorer says nothing. */
function maker(fact: ScorerFact | undefined, scorer = ''): string {
  const id = escapeMarkdown(scorer);
  if (fact?.id !== scorer) return id;
  const known = [fact.detail, fact.agreement].flatMap((text) => (text === undefined ? [] : [escapeMarkdown(text.replace(/\.$/u, ''))])).join('; ');
  const about = [...(fact.estimate ? ['an estimate'] : []), ...(known === '' ? [] : [known])].join(': ');
  return about === '' ? id : `${id} (${about})`;
}
