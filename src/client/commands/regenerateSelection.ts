import { recordTarget } from '../target';
import { requestProposals, type ProposalPorts } from '../teachers/requestProposals';
import type { Command } from './command';

export function regenerateSelection(ports: ProposalPorts): Command {
  return {
    id: 'cupel.regenerateSelection',
    failure: 'The responses could not be regenerated',
    run: async (argument) => requestProposals(await recordTarget(argument), 'regenerate', ports),
  };
}
