import type { ReviewSession } from '../review/reviewSession';
import type { Command } from './command';

export function acceptProposal(review: ReviewSession): Command {
  return { id: 'cupel.acceptProposal', failure: 'The proposal could not be accepted', run: () => review.accept() };
}
