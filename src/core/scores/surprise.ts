import type { TokenLoss } from './tokenLosses';

/** What token losses say about a response: means, the tokens that stand out, and how strongly each is to be shown. */

/** Nats given the prompt and without it. */
export type Nats = Pick<TokenLoss, 'cond' | 'direct'>;

/** Means over the tokens that have a loss, as the scores `loss.cond` and `loss.direct` take them; absent where no token has one. */
export function meanSurprise(tokens: readonly Nats[]): Nats {
  const cond = mean(tokens.flatMap((token) => token.cond ?? []));
  const direct = mean(tokens.flatMap((token) => token.direct ?? []));
  return { ...(cond !== undefined && { cond }), ...(direct !== undefined && { direct }) };
}

/**
 * The tokens that can be pointed at, in text order: those that share a character have one range and become one, whose
 * surprise is their sum, as the surprise of a whole is.
 */
export function visibleTokens(tokens: readonly TokenLoss[]): TokenLoss[] {
  const visible: TokenLoss[] = [];
  for (const token of tokens) {
    const last = visible.at(-1);
    if (last?.start === token.start && last.end === token.end) visible[visible.length - 1] = { start: last.start, end: last.end, ...sum(last, token) };
    else if (token.end > token.start) visible.push(token);
  }
  return visible;
}

/** How many nats the instruction saved; negative where it misled. Undefined where either loss is absent. */
export function helpOf({ cond, direct }: Nats): number | undefined {
  return cond === undefined || direct === undefined ? undefined : direct - cond;
}

/** The tokens that the instruction helped most, the most helped first; none that it did not make twice as likely. */
export function mostHelped<T extends Nats>(tokens: readonly T[], count: number): T[] {
  return strongest(tokens, helpOf, count);
}

/** The tokens that stay most surprising although the instruction is known, the most surprising first; none that was likelier than not. */
export function mostSurprising<T extends Nats>(tokens: readonly T[], count: number): T[] {
  return strongest(tokens, ({ cond }) => cond, count);
}

export const surpriseSteps = [1, 2, 3, 4, 5] as const;
export type SurpriseStep = (typeof surpriseSteps)[number];
/** A token that had less than these chances: 1 in 2, 10, 100, 1,000, 10,000. */
export const surpriseChances = [2, 10, 100, 1000, 10_000] as const;

/** How surprising a token is, from 1 to 5; undefined for one that was likelier than not, or has no loss. */
export function surpriseStep(nats: number | undefined): SurpriseStep | undefined {
  return surpriseSteps.findLast((step) => nats !== undefined && nats >= Math.log(surpriseChances[step - 1] ?? Infinity));
}

export const helpSteps = [1, 2, 3] as const;
export type HelpStep = (typeof helpSteps)[number];
/** A token that the instruction made this many times likelier, or less likely. */
export const helpFactors = [2, 10, 100] as const;

/** How much the instruction changed a token's chance, from 1 to 3 either way; undefined for less than a factor of 2. */
export function helpStep(help: number | undefined): { readonly step: HelpStep; readonly helped: boolean } | undefined {
  const step = helpSteps.findLast((candidate) => help !== undefined && Math.abs(help) >= Math.log(helpFactors[candidate - 1] ?? Infinity));
  return step === undefined || help === undefined ? undefined : { step, helped: help > 0 };
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0) / values.length;
}

function sum(a: Nats, b: Nats): Nats {
  return {
    ...(a.cond !== undefined && b.cond !== undefined && { cond: a.cond + b.cond }),
    ...(a.direct !== undefined && b.direct !== undefined && { direct: a.direct + b.direct }),
  };
}

function strongest<T extends Nats>(tokens: readonly T[], strength: (token: T) => number | undefined, count: number): T[] {
  return tokens
    .flatMap((token) => {
      const value = strength(token);
      return value !== undefined && value >= Math.log(2) ? [{ token, value }] : [];
    })
    .sort((a, b) => b.value - a.value)
    .slice(0, count)
    .map(({ token }) => token);
}
