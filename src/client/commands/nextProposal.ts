import type { ReviewSession } from '../review/reviewSession';
import type { Command } from './command';

export function nextProposal(review: ReviewSession): Command {
  return { id: 'cupel.nextProposal', failure: 'The next proposal could not be shown', run: () => review.move(1) };
}
