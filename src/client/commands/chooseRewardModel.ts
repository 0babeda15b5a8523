import { readArgument, scorerChoiceArguments } from '../commandArguments';
import type { ModelChooser } from '../scorers/modelChooser';
import type { ScorerModels } from '../scorers/scorerModels';
import type { Command } from './command';

/** The model that judges responses from now on, tried before it is taken. */
export function chooseRewardModel(chooser: ModelChooser, models: ScorerModels): Command {
  return {
    id: 'cupel.chooseRewardModel',
    failure: 'The reward model could not be chosen',
    async run(argument) {
      const model = readArgument(scorerChoiceArguments, argument)?.model ?? (await chooser.choose('reward'));
      return model === undefined ? undefined : models.use('reward', model);
    },
  };
}
