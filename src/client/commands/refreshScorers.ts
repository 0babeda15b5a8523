import type { ScorerChecks } from '../scorers/scorerChecks';
import type { ScorersView } from '../views/scorersView';
import type { Command } from './command';

/** Looks again what there is; earlier checks no longer count. */
export function refreshScorers(view: ScorersView, checks: ScorerChecks): Command {
  return {
    id: 'cupel.refreshScorers',
    failure: 'The scorers could not be listed',
    run() {
      checks.clear();
      view.refresh();
      return Promise.resolve();
    },
  };
}
