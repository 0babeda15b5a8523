import { helpOf, helpStep, helpSteps, surpriseStep, surpriseSteps, type HelpStep, type SurpriseStep } from '../../core/scores/surprise';
import type { SurprisingToken } from '../../protocol/lsp';
import type { SurpriseMode } from '../../protocol/settings';

/** How a token is shaded: one of five strengths of surprise, or one of three of what the instruction did. Also the end of its colour's id. */
export type Shade = `${SurpriseStep}` | `Helped${HelpStep}` | `Hindered${HelpStep}`;

export const shades: readonly Shade[] = [...surpriseSteps.map((step) => `${step}` as const), ...helpSteps.flatMap((step) => [`Helped${step}`, `Hindered${step}`] as const)];

/** Undefined for a token that stays as it is: an expected one, or one without the losses that the mode needs. */
export function shadeOf(token: SurprisingToken, mode: SurpriseMode): Shade | undefined {
  if (mode === 'difference') {
    const help = helpStep(helpOf(token));
    return help && `${help.helped ? 'Helped' : 'Hindered'}${help.step}`;
  }
  const step = surpriseStep(mode === 'given' ? token.cond : token.direct);
  return step && `${step}`;
}

/** The tokens of each shade; a shade that none has is there too, so that what it showed before is taken away. */
export function byShade(tokens: readonly SurprisingToken[], mode: SurpriseMode): ReadonlyMap<Shade, readonly SurprisingToken[]> {
  const groups = new Map<Shade, SurprisingToken[]>(shades.map((shade) => [shade, []]));
  for (const token of tokens) {
    const shade = shadeOf(token, mode);
    if (shade !== undefined) groups.get(shade)?.push(token);
  }
  return groups;
}
