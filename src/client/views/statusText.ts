import { shapeTitle } from '../../core/record/shapes/shapes';
import type { FileStatus } from '../../protocol/lsp';
import { parsePageUri } from '../../protocol/pageUri';
import { formatAmount, formatCount } from '../../core/scores/format';

/** What the status bar says about a dataset, and the command that a click starts. */
export interface StatusText {
  readonly text: string;
  /** Plain lines. */
  readonly tooltip: readonly string[];
  readonly action: 'score' | 'review' | 'menu';
}

/** Undefined where there is nothing to say: a JSONL file that holds no instruction records. */
export function statusText(status: FileStatus): StatusText | undefined {
  if (status.running) return { text: `$(loading~spin) Cupel: ${status.running.title} ${Math.floor(status.running.percent)} %`, tooltip: details(status), action: 'menu' };
  if (status.records === 0) return undefined;
  if (status.pendingProposals > 0) return { text: `$(diff) Cupel: ${formatCount(status.pendingProposals)} to review`, tooltip: details(status), action: 'review' };
  if (status.scored === 0) return { text: `Cupel: score this ${parsePageUri(status.uri) ? 'page' : 'dataset'}?`, tooltip: details(status), action: 'score' };
  const shape = status.shapes.length === 1 && status.shapes[0] ? shapeTitle(status.shapes[0].shape) : 'mixed';
  return { text: `Cupel: ${shape} · ${formatCount(status.records)} · ${scoredShare(status)}`, tooltip: details(status), action: 'menu' };
}

function details(status: FileStatus): string[] {
  const lines = [`${formatAmount(status.records, 'record')}, ${scoredShare(status)}`];
  if (status.shapes.length > 1) lines.push(`mixed shapes: ${status.shapes.map(({ shape, records }) => `${shapeTitle(shape)} ${formatCount(records)}`).join(', ')}`);
  else if (status.shapes[0]) lines.push(`shape: ${shapeTitle(status.shapes[0].shape)}`);
  if (status.invalid > 0) lines.push(`${formatAmount(status.invalid, 'line')} without a readable record, see Problems`);
  if (status.pendingProposals > 0) lines.push(`${formatAmount(status.pendingProposals, 'proposal')} to review`);
  return lines;
}

/** Never 100 % before the last record. */
function scoredShare({ scored, records, unanswered }: FileStatus): string {
  const scorable = records - unanswered;
  return `${scorable === 0 ? 0 : Math.floor((100 * scored) / scorable)} % scored`;
}
