import { modelDownloadArguments, readArgument } from '../commandArguments';
import type { ScorerModels } from '../scorers/scorerModels';
import type { ScorersView } from '../views/scorersView';
import type { Command } from './command';

/** Fetches a model that the Scorers view lists as missing, after the person has seen what that brings. */
export function downloadModel(models: ScorerModels, view: ScorersView): Command {
  return {
    id: 'cupel.downloadModel',
    failure: 'The model could not be downloaded',
    async run(argument) {
      const name = readArgument(modelDownloadArguments, argument)?.download;
      const folder = name === undefined ? undefined : await models.download(name);
      if (folder !== undefined) view.refresh();
      return folder;
    },
  };
}
