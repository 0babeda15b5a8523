import type { Messages } from '../messages';
import type { Command } from './command';

export function showLog(messages: Messages): Command {
  return {
    id: 'cupel.showLog',
    failure: 'The log could not be shown',
    run() {
      messages.showLog();
      return Promise.resolve();
    },
  };
}
