import type { SurpriseView } from '../surprise/surpriseView';
import type { Command } from './command';

export function hideTokenSurprise(view: SurpriseView): Command {
  return { id: 'cupel.hideTokenSurprise', failure: 'The surprise of the tokens could not be hidden', run: () => view.hide() };
}
