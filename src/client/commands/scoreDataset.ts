import type { ScoreOutcome } from '../../protocol/lsp';
import { pageScheme } from '../../protocol/pageUri';
import { formatAmount } from '../../core/scores/format';
import type { Messages } from '../messages';
import type { Operations } from '../operations';
import { datasetTarget } from '../target';
import type { Command } from './command';

export function scoreDataset(operations: Operations, messages: Messages): Command {
  return {
    id: 'cupel.scoreDataset',
    failure: 'The dataset could not be scored',
    async run(argument) {
      const { uri } = await datasetTarget(argument);
      const outcome = await operations.run('Scoring dataset', 'cupel/score', { uri: uri.toString() });
      reportScores(outcome, messages, uri.scheme === pageScheme ? ' This was the page; the command line scores the whole file.' : '');
      return outcome;
    },
  };
}

export function reportScores(outcome: ScoreOutcome | undefined, messages: Messages, note = ''): void {
  if (!outcome || outcome.cancelled) {
    messages.info('Scoring was cancelled. What was finished is kept.');
    return;
  }
  const parts = [`${formatAmount(outcome.scored, 'response')} scored`];
  if (outcome.reused > 0) parts.push(`${formatAmount(outcome.reused, 'response')} known before`);
  if (outcome.invalid > 0) parts.push(`${formatAmount(outcome.invalid, 'line')} without a readable record (see Problems)`);
  messages.info(`${parts.join(', ')}.${note}`);
}
