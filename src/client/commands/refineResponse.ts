import { commandId } from '../../protocol/commands';
import { recordTarget } from '../target';
import { requestProposals, type ProposalPorts } from '../teachers/requestProposals';
import type { Command } from './command';

/** A better version of the responses that are there, written by an endpoint: files cannot refine. */
export function refineResponse(ports: ProposalPorts): Command {
  return {
    id: commandId.refine,
    failure: 'The response could not be refined',
    run: async (argument) => requestProposals(await recordTarget(argument), 'refine', ports),
  };
}
