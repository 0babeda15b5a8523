import { commandId } from '../../protocol/commands';
import { formatAmount } from '../../core/scores/format';
import type { Messages } from '../messages';
import type { Operations } from '../operations';
import { recordTarget } from '../target';
import type { Command } from './command';
import { reportScores } from './scoreDataset';

export function scoreSelection(operations: Operations, messages: Messages): Command {
  return {
    id: commandId.score,
    failure: 'The selection could not be scored',
    async run(argument) {
      const { document, lines } = await recordTarget(argument);
      const outcome = await operations.run(`Scoring ${formatAmount(lines.length, 'record')}`, 'cupel/score', { uri: document.uri.toString(), lines });
      reportScores(outcome, messages);
      return outcome;
    },
  };
}
