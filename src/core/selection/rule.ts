import type { ScoreId } from '../scores/catalogue';

/** How to choose records. Every selection is filter → stable sort → take; ties go to the earlier record. */
export type SelectionRule =
  /** Most words first (Long Is More). */
  | { readonly kind: 'longest'; readonly count: number }
  /** Defined scores only, strictly inside the bounds, `count` of them or `floor(rate · all records)`. */
  | {
      readonly kind: 'top';
      readonly score: ScoreId;
      readonly direction: 'highest' | 'lowest';
      readonly below?: number;
      readonly above?: number;
      readonly count?: number;
      readonly rate?: number;
    }
  | { readonly kind: 'random'; readonly count: number; readonly seed: number };
