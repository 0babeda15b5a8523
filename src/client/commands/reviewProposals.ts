import type { ReviewSession } from '../review/reviewSession';
import { datasetTarget } from '../target';
import type { Command } from './command';

export function reviewProposals(review: ReviewSession): Command {
  return {
    id: 'cupel.reviewProposals',
    failure: 'The review could not be opened',
    run: async (argument) => review.start((await datasetTarget(argument)).uri),
  };
}
