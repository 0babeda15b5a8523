import type { Turn } from '../record/conversation';

/** About how many tokens a prompt holds, for a cost estimate before a run: four characters a token, rounded up. */
export function promptTokensEstimate(prompt: readonly Turn[]): number {
  return Math.ceil(prompt.reduce((characters, { text }) => characters + text.length, 0) / 4);
}
