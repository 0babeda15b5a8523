import type { ReviewSession } from '../review/reviewSession';
import type { Command } from './command';

export function previousProposal(review: ReviewSession): Command {
  return { id: 'cupel.previousProposal', failure: 'The previous proposal could not be shown', run: () => review.move(-1) };
}
