import { readArgument, scorerArguments } from '../commandArguments';
import type { ScorerModels } from '../scorers/scorerModels';
import type { Command } from './command';

/** Takes up a model of the Scorers view. */
export function useScorer(models: ScorerModels): Command {
  return {
    id: 'cupel.useScorer',
    failure: 'The model could not be taken up',
    async run(argument) {
      const scorer = readArgument(scorerArguments, argument);
      return scorer && models.use(scorer.kind, scorer.model);
    },
  };
}
