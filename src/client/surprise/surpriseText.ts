import { formatAmount, formatCount, formatNumber } from '../../core/scores/format';
import type { SurprisingToken, TokenSurprise } from '../../protocol/lsp';
import type { SurpriseMode } from '../../protocol/settings';

/** What the status bar says while the surprise of a record is shown. Plain text. */

interface Place {
  readonly line: number;
  readonly character: number;
}

export interface ShownSurprise {
  readonly surprise: TokenSurprise;
  readonly mode: SurpriseMode;
  /** The editor draws nothing of a line from this column on; undefined when it draws all. */
  readonly drawnTo: number | undefined;
}

/** The token under the cursor where there is one, else the whole response. */
export function surpriseText({ surprise, drawnTo }: ShownSurprise, cursor: Place | undefined): string {
  const { tokens, mean } = surprise;
  const token = cursor && tokenAt(tokens, cursor);
  if (token) return `${quote(token.text)} ${inNats(token)}`;
  if (tokens.length === 0) return 'no tokens';
  const hidden = undrawn(tokens, drawnTo);
  return [inNats(mean), formatAmount(tokens.length, 'token'), ...(hidden === 0 ? [] : [`${formatCount(hidden)} not drawn`])].join(' · ');
}

/** One thing a line: who measured, what the shading means, what is missing. */
export function surpriseDetails({ surprise: { scorer, tokens, reason }, mode, drawnTo }: ShownSurprise): string[] {
  const hidden = undrawn(tokens, drawnTo);
  return [
    `Surprise of each response token by ${scorer}.`,
    legends[mode],
    ...(reason === undefined ? [] : [`Not complete: ${reason}.`]),
    ...(hidden === 0 || drawnTo === undefined ? [] : [`${formatCount(hidden)} of ${formatAmount(tokens.length, 'token')} stand past column ${formatCount(drawnTo)}, where the editor draws nothing. Show Record Card lists them.`]),
  ];
}

const legends: Readonly<Record<SurpriseMode, string>> = {
  given: 'Shaded by the chance of the token given the instruction: below 1 in 2, 10, 100, 1,000, 10,000.',
  alone: 'Shaded by the chance of the token without the instruction: below 1 in 2, 10, 100, 1,000, 10,000.',
  difference: 'Blue: the instruction made the token 2, 10, 100 times as likely. Orange: as many times less likely.',
};

function tokenAt(tokens: readonly SurprisingToken[], { line, character }: Place): SurprisingToken | undefined {
  return tokens.find(({ range: { start, end } }) => start.line === line && start.character <= character && character < end.character);
}

function undrawn(tokens: readonly SurprisingToken[], drawnTo = Infinity): number {
  return tokens.filter(({ range }) => range.end.character > drawnTo).length;
}

function inNats({ cond, direct }: { readonly cond?: number; readonly direct?: number }): string {
  const parts = [...(cond === undefined ? [] : [`${formatNumber(cond)} nats`]), ...(direct === undefined ? [] : [`${formatNumber(direct)} ${cond === undefined ? 'nats ' : ''}alone`])];
  return parts.length === 0 ? 'not measured' : parts.join(', ');
}

/** As JSON writes it, with what cannot be seen or reorders a line spelled out; `$(` would begin an icon. */
function quote(text: string): string {
  const shown = text.length > longestToken ? `${text.slice(0, longestToken - 1)}…` : text;
  return JSON.stringify(shown)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`)
    .replaceAll('$(', '$ (');
}

const longestToken = 20;
