import type { ScoreId } from '../core/scores/catalogue';
import type { DatasetView, RecordScores } from './datasetView';

/** What can honestly be shown for one score of one record. */
export type ScoreState =
  | { readonly kind: 'missing' }
  | { readonly kind: 'value'; readonly value: number; readonly stale: boolean; readonly estimate: boolean; readonly scorer: string | undefined }
  | { readonly kind: 'undefined'; readonly reason: string; readonly stale: boolean };

export function scoreState(view: Pick<DatasetView, 'scorers'>, scores: RecordScores, id: ScoreId): ScoreState {
  for (const [set, stale] of [[scores.current, false] as const, [scores.previous, true] as const]) {
    const value = set?.values[id];
    if (set && value !== undefined) {
      const made = new Set(madeBy(id).flatMap((kind) => set.scorers[kind] ?? []));
      return { kind: 'value', value, stale, estimate: [...made].some((scorer) => isEstimate(view, scorer)), scorer: made.size === 0 ? undefined : [...made].join(' and ') };
    }
    const reason = set?.undefined[id];
    if (reason !== undefined) return { kind: 'undefined', reason, stale };
  }
  return { kind: 'missing' };
}

/** Which scorers a score rests on; none for lengths, which are counted. */
function madeBy(id: ScoreId): readonly ('reward' | 'loss')[] {
  if (id.startsWith('length.')) return [];
  if (id === 'reward') return ['reward'];
  return id === 'car' ? ['reward', 'loss'] : ['loss'];
}

/** Until the engine has described its scorers, the embedded ones are told by their name. */
function isEstimate(view: Pick<DatasetView, 'scorers'>, scorer: string): boolean {
  for (const fact of [view.scorers?.loss, view.scorers?.reward]) if (fact?.id === scorer) return fact.estimate;
  return scorer.startsWith('embedded@');
}
