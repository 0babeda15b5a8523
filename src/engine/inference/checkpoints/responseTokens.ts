import type { TokenLoss } from '../../../core/scores/tokenLosses';

/** Losses of consecutive tokens and their UTF-16 ranges in the text that was scored. */
export interface PlacedNlls {
  readonly nlls: Float32Array;
  readonly ranges: readonly (readonly [start: number, end: number])[];
  /** Where the response begins in that text. */
  readonly responseStart: number;
}

/**
 * The tokens of the response with both losses. The prompt's end may cut the response into other tokens than it has alone:
 * the tokens are those given the prompt, and only the same ranges get both. A token that began before the response is clipped.
 */
export function responseTokens({ cond, direct }: { readonly cond?: PlacedNlls; readonly direct?: PlacedNlls }): readonly TokenLoss[] {
  const alone = new Map<string, number>();
  for (const { place, nll } of placed(direct)) alone.set(place, nll);
  if (cond === undefined) return placed(direct).map(({ start, end, nll }) => ({ start, end, direct: nll }));
  return placed(cond).map(({ start, end, place, nll }) => {
    const without = alone.get(place);
    return { start, end, cond: nll, ...(without !== undefined && { direct: without }) };
  });
}

interface Placed {
  readonly start: number;
  readonly end: number;
  /** Tells apart the tokens that share a character. */
  readonly place: string;
  readonly nll: number;
}

function placed(part: PlacedNlls | undefined): readonly Placed[] {
  const seen = new Map<string, number>();
  return (part?.ranges ?? []).flatMap(([from, to], i): Placed[] => {
    const nll = part?.nlls[i];
    const start = Math.max(0, from - (part?.responseStart ?? 0));
    const end = to - (part?.responseStart ?? 0);
    if (nll === undefined || end <= start) return [];
    const range = `${start} ${end}`;
    const nth = seen.get(range) ?? 0;
    seen.set(range, nth + 1);
    return [{ start, end, place: `${range} ${nth}`, nll }];
  });
}
