import { readArgument, selectArguments } from '../commandArguments';
import type { Messages } from '../messages';
import type { Operations } from '../operations';
import type { RememberedPick } from '../rememberedPick';
import { datasetTarget } from '../target';
import { chooseRule } from './chooseRule';
import type { Command } from './command';
import { reportWritten } from './reportWritten';
import { chooseOutput, isSaved } from './savedDataset';

/** Chosen lines, byte for byte, into a file of their own. */
export function selectSubset(operations: Operations, pick: RememberedPick, messages: Messages): Command {
  return {
    id: 'cupel.selectSubset',
    failure: 'The subset could not be written',
    async run(argument) {
      const given = readArgument(selectArguments, argument);
      const document = await datasetTarget(given && { uri: given.uri });
      if (!(await isSaved(document))) return undefined;
      const rule = given?.rule ?? (await chooseRule(pick));
      const out = given?.out ?? (rule && (await chooseOutput(document.uri, 'Write the Subset to', rule.kind)));
      if (!rule || out === undefined) return undefined;
      const report = await operations.run('Selecting a subset', 'cupel/select', { uri: document.uri.toString(), rule, out });
      reportWritten(report, messages);
      return report;
    },
  };
}
