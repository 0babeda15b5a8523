import type { Hover } from 'vscode-languageserver-types';
import type { DataRecord } from '../core/record/conversation';
import { shapeTitle } from '../core/record/shapes/shapes';
import { formatCount } from '../core/scores/format';
import type { RewardReason } from '../core/scores/scorer';
import { conversationText, type TextLimits } from './conversationText';
import type { DatasetView } from './datasetView';
import { escapeMarkdown } from './hostileText';
import { problemsOf } from './inlayHints';
import { lineNumber } from './lineNumber';
import { oneTokenMessage } from './problems/fileFindings';
import { severityOf } from './problems/severity';
import { commandLink, recordCommand } from './recordCommand';
import { rewardReasons, scoreNotes, scoreTable } from './scoreTable';
import { surpriseSummary, surpriseTokens } from './surprise';

/** A card that an ordinary record fills without scrolling. */
const hoverLimits: TextLimits = { text: 700, turns: 6 };
/** A card in an editor of its own. */
const cardLimits: TextLimits = { text: 100_000, turns: 1000 };

/** The card of the record on a line, wherever in the line the pointer is. */
export function hover(view: DatasetView, line: number, reasons: readonly RewardReason[]): Hover | undefined {
  const value = card(view, line, reasons, hoverLimits);
  return value === undefined ? undefined : { contents: { kind: 'markdown', value } };
}

/** The same card with the texts in full. */
export function recordCard(view: DatasetView, line: number, reasons: readonly RewardReason[]): string | undefined {
  return card(view, line, reasons, cardLimits);
}

function card(view: DatasetView, line: number, reasons: readonly RewardReason[], limits: TextLimits): string | undefined {
  if (line >= view.lineCount) return undefined;
  const parsed = view.parsed(line);
  if (parsed.status === 'empty') return undefined;
  if (parsed.status === 'invalid') return `**Line ${lineNumber(view, line)}** is not a record\n\n⚠ ${escapeMarkdown(parsed.message)}`;
  const { record } = parsed;
  // Links run commands in a hover alone; in the card's own editor they would be dead.
  const inHover = limits === hoverLimits;
  const open = recordCommand(view, 'openRecord', 'Open', { lines: [line] });
  const more = open && inHover ? ` — ${commandLink(open)}` : '';
  return [
    [title(view, line, record), ...(inHover ? links(view, line) : [])].join(' · '),
    problems(view, line),
    scoreTable(view, line),
    rewardReasons(view, line, reasons),
    surpriseSummary(view, line, inHover),
    conversationText(record, limits, more),
    inHover ? '' : surpriseTokens(view, line),
    scoreNotes(view, line),
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}

/** Nobody has read the rest of a file that is shown by pages: there a record goes by its line. */
function title(view: DatasetView, line: number, { shape, key }: DataRecord): string {
  const [number, all] = view.page ? [lineNumber(view, line), view.page.lines] : [formatCount(view.recordNumber(line)), view.recordCount];
  return `**Record ${number} of ${formatCount(all)}** · ${shapeTitle(shape)} · key \`${key.slice(0, 8)}…\``;
}

function links(view: DatasetView, line: number): string[] {
  const commands = [
    recordCommand(view, 'openRecord', 'Open', { lines: [line] }),
    recordCommand(view, 'score', 'Score', { lines: [line] }),
    ...(view.page ? [] : [recordCommand(view, 'regenerate', 'Regenerate…', { lines: [line] }), recordCommand(view, 'refine', 'Refine', { lines: [line] })]),
  ];
  return commands.flatMap((command) => (command ? [commandLink(command)] : []));
}

function problems(view: DatasetView, line: number): string {
  const found = problemsOf(view, line).map((message) => `⚠ ${escapeMarkdown(message)}`);
  if (view.responseTokens(line) === 1 && severityOf(view.settings, 'one-token-response') !== 'off') found.push(`⚠ ${escapeMarkdown(oneTokenMessage)}`);
  const twin = severityOf(view.settings, 'duplicate-record') === 'off' ? undefined : view.duplicate(line);
  if (twin) found.push(`⚠ the same conversation as on line ${lineNumber(view, twin.line)}${twin.more > 0 ? ` and ${formatCount(twin.more)} more` : ''}`);
  const shown = found.slice(0, 5);
  if (found.length > shown.length) shown.push(`… and ${found.length - shown.length} more problems`);
  return shown.join('  \n');
}
