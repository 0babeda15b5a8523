import type { DroppedReason } from './manifest';

/** What a selection or an export wrote, for the person and for the manifest. */
export interface WriteReport {
  readonly out: string;
  readonly manifest: string;
  /** Records read. */
  readonly total: number;
  readonly written: number;
  /** Why records were left out; reasons are counted, never silent. */
  readonly dropped: readonly DroppedReason[];
}
