import type { Turn } from '../record/conversation';

/** About how many tokens a prompt holds, for a cost estimate before a run: four characters a token, rounded up. */
export function promptTokensEstimate(prompt: readonly Turn[]): number {
  return tokensEstimate(prompt.reduce((characters, { text }) => characters + text.length, 0));
}

export function tokensEstimate(characters: number): number {
  return Math.ceil(characters / 4);
}
