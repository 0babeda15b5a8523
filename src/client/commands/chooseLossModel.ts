import { readArgument, scorerChoiceArguments } from '../commandArguments';
import type { ModelChooser } from '../scorers/modelChooser';
import type { ScorerModels } from '../scorers/scorerModels';
import type { Command } from './command';

/** The model that IFD, IC-IFD and CAR rest on from now on, tried before it is taken. */
export function chooseLossModel(chooser: ModelChooser, models: ScorerModels): Command {
  return {
    id: 'cupel.chooseLossModel',
    failure: 'The loss model could not be chosen',
    async run(argument) {
      const model = readArgument(scorerChoiceArguments, argument)?.model ?? (await chooser.choose('loss'));
      return model === undefined ? undefined : models.use('loss', model);
    },
  };
}
