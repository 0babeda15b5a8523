import { findTrainer, trainers } from '../../core/trainers/trainers';
import { checkArguments, readArgument } from '../commandArguments';
import { formatAmount } from '../../core/scores/format';
import type { Messages } from '../messages';
import type { Operations } from '../operations';
import type { RememberedPick } from '../rememberedPick';
import { datasetTarget } from '../target';
import type { Reports } from '../views/reports';
import type { Command } from './command';

export interface CheckPorts {
  readonly operations: Operations;
  readonly pick: RememberedPick;
  readonly reports: Reports;
  readonly messages: Messages;
}

/** What a trainer would reject or silently lose: a report to read, and the same findings in Problems. */
export function checkForTrainer({ operations, pick, reports, messages }: CheckPorts): Command {
  return {
    id: 'cupel.checkForTrainer',
    failure: 'The dataset could not be checked',
    async run(argument) {
      const given = readArgument(checkArguments, argument);
      const { uri } = await datasetTarget(given && { uri: given.uri });
      const choices = trainers.map(({ id, title }) => ({ id, label: title, description: id }));
      const trainer = given?.trainer ?? (await pick.one('trainer', 'Check for which trainer?', choices))?.id;
      if (trainer === undefined) return undefined;
      const title = findTrainer(trainer)?.title ?? trainer;
      const result = await operations.run(`Checking for ${title}`, 'cupel/check', { uri: uri.toString(), trainer });
      if (!result) return undefined;
      await reports.show(`Check for ${trainer}`, result.markdown);
      if (result.findings === 0) messages.info(`${title}: every record of this dataset is read.`);
      else messages.info(`${title}: ${formatAmount(result.findings, 'finding')}, in the report and in Problems.`);
      return result;
    },
  };
}
