import { formatChange, formatNumber } from '../scores/format';
import type { ScoreId, ScoreSet } from '../scores/catalogue';

/** Which of the two published IFD definitions a person has chosen to see. */
export type IfdId = Extract<ScoreId, 'ifd.ppl' | 'ifd.loss'>;

const separator = ' · ';

/**
 * What a proposal changes, in one line: `reward +.31 · IFD .41→.63 · CAR +.09 ▲`. IFD is shown as it was and as it becomes,
 * because more is not simply better there; the arrow is CAR's. An undefined score reads `∅`; one that neither side has
 * is left out, so nothing scored gives an empty text.
 */
export function describeDeltas(before: ScoreSet, after: ScoreSet, ifd: IfdId = 'ifd.ppl'): string {
  const parts: string[] = [];
  if (isScored(before, after, 'reward')) parts.push(`reward ${change(before.values.reward, after.values.reward)}`);
  if (isScored(before, after, ifd)) parts.push(`IFD ${step(before.values[ifd], after.values[ifd])}`);
  if (isScored(before, after, 'car')) parts.push(`CAR ${change(before.values.car, after.values.car)}${arrow(before.values.car, after.values.car)}`);
  return parts.join(separator);
}

/** What a proposal's diff is called: `record 812 · gemma-2-9b-it · reward +.31 · …`. */
export function proposalTitle(proposal: { readonly line: number; readonly teacher: string }, deltas: string): string {
  return [`record ${proposal.line}`, proposal.teacher, deltas].filter((part) => part !== '').join(separator);
}

function isScored(before: ScoreSet, after: ScoreSet, id: ScoreId): boolean {
  return [before, after].some((set) => set.values[id] !== undefined || set.undefined[id] !== undefined);
}

function change(before: number | undefined, after: number | undefined): string {
  return before === undefined || after === undefined ? step(before, after) : formatChange(after - before);
}

function step(before: number | undefined, after: number | undefined): string {
  return before === undefined && after === undefined ? '∅' : `${formatNumber(before)}→${formatNumber(after)}`;
}

function arrow(before: number | undefined, after: number | undefined): string {
  if (before === undefined || after === undefined) return '';
  const shown = formatChange(after - before);
  if (shown.startsWith('+')) return ' ▲';
  return shown.startsWith('-') ? ' ▼' : '';
}
