import { commandId } from '../../protocol/commands';
import { readArgument, recordArguments } from '../commandArguments';
import { recordTarget } from '../target';
import { requestProposals, type ProposalPorts } from '../teachers/requestProposals';
import type { Command } from './command';

/** A new response for the record under the cursor, or for those that a link or code action names. */
export function regenerateResponse(ports: ProposalPorts): Command {
  return {
    id: commandId.regenerate,
    failure: 'The response could not be regenerated',
    async run(argument) {
      const target = await recordTarget(argument);
      const named = readArgument(recordArguments, argument) !== undefined;
      return requestProposals(named ? target : { ...target, lines: target.lines.slice(0, 1) }, 'regenerate', ports);
    },
  };
}
