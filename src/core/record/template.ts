import type { Turn } from './conversation';

/** The `plain` template (Superfiltering): the texts joined by newlines, empty ones left out, no newline at the end. */
export function plainPrompt(turns: readonly Turn[]): string {
  return joinTexts(turns);
}

/** What the user says, under the same rule. */
export function userText(turns: readonly Turn[]): string {
  return joinTexts(turns.filter((turn) => turn.role === 'user'));
}

/** What the system turns say, under the same rule. */
export function systemText(turns: readonly Turn[]): string {
  return joinTexts(turns.filter((turn) => turn.role === 'system'));
}

function joinTexts(turns: readonly Turn[]): string {
  return turns
    .map((turn) => turn.text)
    .filter((text) => text !== '')
    .join('\n');
}
