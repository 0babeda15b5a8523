import { formatNumber } from '../core/scores/format';
import { meanSurprise, mostHelped, mostSurprising, surpriseStep, visibleTokens } from '../core/scores/surprise';
import type { TokenLoss } from '../core/scores/tokenLosses';
import type { DatasetView } from './datasetView';
import { escapeMarkdown, fencedText, quotedCode } from './hostileText';
import { commandLink, recordCommand } from './recordCommand';
import { scoreState } from './scoreState';

/** Tokens named of each kind. */
const named = 5;
/** Characters shown of one token. */
const longestToken = 40;

/**
 * Which tokens make the loss of the record on a line, in a few lines of Markdown; where nobody has asked yet, a link that does.
 *
 * @param links Whether links can be followed where the text is shown.
 */
export function surpriseSummary(view: DatasetView, line: number, links: boolean): string {
  const known = view.surprise(line);
  if (!known) return links && scoreState(view, view.scores(line), 'loss.cond').kind === 'value' ? question(view, line) : '';
  const response = responseOf(view, line);
  const tokens = visibleTokens(known.tokens);
  const { cond, direct } = meanSurprise(known.tokens);
  const means = [...(cond === undefined ? [] : [`${formatNumber(cond)} nats a token given the instruction`]), ...(direct === undefined ? [] : [`${formatNumber(direct)} without it`])];
  const command = links ? recordCommand(view, 'showSurprise', 'Show in the text', { lines: [line] }) : undefined;
  const helped = mostHelped(tokens, named);
  const surprising = mostSurprising(tokens, named);
  return [
    [`**Surprise** by ${escapeMarkdown(known.scorer)}${means.length > 0 ? `: ${means.join(', ')}` : ''}`, ...(command && tokens.length > 0 ? [commandLink(command)] : [])].join(' · '),
    ...(helped.length > 0 ? [`The instruction helped most with ${helped.map((token) => tokenText(response, token)).join(' · ')}`] : []),
    ...(surprising.length > 0 ? [`Most surprising all the same: ${surprising.map((token) => tokenText(response, token)).join(' · ')}`] : []),
    ...(known.reason === undefined ? [] : [escapeMarkdown(known.reason)]),
  ].join('  \n');
}

/** Every token with its surprise, one a line, in a fence: what shading shows in the text. Empty while it is not known. */
export function surpriseTokens(view: DatasetView, line: number): string {
  const tokens = visibleTokens(view.surprise(line)?.tokens ?? []);
  if (tokens.length === 0) return '';
  const response = responseOf(view, line);
  const rows = tokens.map((token) => `${column(token.cond)}  ${column(token.direct)}  ${'█'.repeat(surpriseStep(token.cond) ?? 0).padEnd(5)}  ${JSON.stringify(textOf(response, token))}`);
  return `**Surprise of each token**, in nats given the instruction and without it\n\n${fencedText([' given   alone', ...rows].join('\n'))}`;
}

function question(view: DatasetView, line: number): string {
  const command = recordCommand(view, 'showSurprise', 'Why?', { lines: [line] });
  return command ? `Loss: ${commandLink(command)}` : '';
}

function responseOf(view: DatasetView, line: number): string {
  const parsed = view.parsed(line);
  return parsed.status === 'ok' ? (parsed.record.exchanges[0]?.response.text ?? '') : '';
}

function tokenText(response: string, token: TokenLoss): string {
  const alone = token.direct === undefined ? '' : ` (${formatNumber(token.direct)} alone)`;
  return `${quotedCode(textOf(response, token))} ${formatNumber(token.cond)}${alone}`;
}

function textOf(response: string, { start, end }: TokenLoss): string {
  const text = response.slice(start, end);
  return text.length > longestToken ? `${text.slice(0, longestToken - 1)}…` : text;
}

function column(nats: number | undefined): string {
  return (nats?.toFixed(2) ?? '').padStart(6);
}
