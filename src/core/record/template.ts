import type { Turn } from './conversation';

/** The `plain` template (Superfiltering): the texts joined by newlines, empty ones left out, no newline at the end. */
export function plainPrompt(turns: readonly Turn[]): string {
  return turns
    .map((turn) => turn.text)
    .filter((text) => text !== '')
    .join('\n');
}
