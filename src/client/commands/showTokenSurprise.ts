import { commandId } from '../../protocol/commands';
import type { SurpriseView } from '../surprise/surpriseView';
import { recordTarget } from '../target';
import type { Command } from './command';

/** Why a response has the loss it has: its tokens shaded by their surprise, in the dataset itself. */
export function showTokenSurprise(view: SurpriseView): Command {
  return {
    id: commandId.showSurprise,
    failure: 'The surprise of the tokens could not be shown',
    async run(argument) {
      const { document, lines } = await recordTarget(argument);
      return view.show(document, lines[0] ?? 0);
    },
  };
}
