import { exportFormats } from '../../core/exports/formats';
import { exportArguments, readArgument } from '../commandArguments';
import type { Messages } from '../messages';
import type { Operations } from '../operations';
import type { RememberedPick } from '../rememberedPick';
import { datasetTarget } from '../target';
import type { Command } from './command';
import { reportWritten } from './reportWritten';
import { chooseOutput, isSaved } from './savedDataset';

/** The whole dataset in the form that a trainer reads. */
export function exportDataset(operations: Operations, pick: RememberedPick, messages: Messages): Command {
  return {
    id: 'cupel.export',
    failure: 'The dataset could not be exported',
    async run(argument) {
      const given = readArgument(exportArguments, argument);
      const document = await datasetTarget(given && { uri: given.uri });
      if (!(await isSaved(document))) return undefined;
      const choices = exportFormats.map(({ id, title }) => ({ id, label: title, description: id }));
      const format = given?.format ?? (await pick.one('exportFormat', 'Export as', choices))?.id;
      const out = given?.out ?? (format && (await chooseOutput(document.uri, 'Export to', format)));
      if (format === undefined || out === undefined) return undefined;
      const report = await operations.run('Exporting', 'cupel/export', { uri: document.uri.toString(), format, out });
      reportWritten(report, messages);
      return report;
    },
  };
}
