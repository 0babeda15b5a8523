import type { ReviewSession } from '../review/reviewSession';
import type { Command } from './command';

export function rejectProposal(review: ReviewSession): Command {
  return { id: 'cupel.rejectProposal', failure: 'The proposal could not be rejected', run: () => review.reject() };
}
