import { readArgument, scorerArguments } from '../commandArguments';
import type { Messages } from '../messages';
import type { ScorerModels } from '../scorers/scorerModels';
import { shownModel } from '../scorers/scorerText';
import type { Command } from './command';

/** Tries a model of the Scorers view: loads it, or asks its server for one known text. */
export function checkScorer(models: ScorerModels, messages: Messages): Command {
  return {
    id: 'cupel.checkScorer',
    failure: 'The model could not be checked',
    async run(argument) {
      const scorer = readArgument(scorerArguments, argument);
      if (!scorer) return undefined;
      const check = await models.check(scorer.kind, scorer.model);
      if (check?.ok === true) messages.info(`${check.id} is ready${check.detail === undefined ? '.' : `: ${check.detail}`}`);
      else if (check) messages.warning(`${shownModel(scorer.model)} cannot score now: ${check.reason}`);
      return check;
    },
  };
}
