import { commandId } from '../../protocol/commands';
import { lineNumberIn } from '../../protocol/pageUri';
import type { LanguageServer } from '../languageServer';
import { recordTarget } from '../target';
import type { Reports } from '../views/reports';
import type { Command } from './command';

/** The hover card as a page of its own: for the keyboard, for a screen reader, and to keep beside the file. */
export function showRecordCard(server: LanguageServer, reports: Reports): Command {
  return {
    id: commandId.showCard,
    failure: 'The record card could not be shown',
    async run(argument) {
      const { document, lines } = await recordTarget(argument);
      const line = lines[0] ?? 0;
      const uri = document.uri.toString();
      const number = lineNumberIn(uri, line);
      const card = await server.request('cupel/recordCard', { uri, line });
      if (!card) throw new Error(`line ${number} holds no record that can be read`);
      await reports.show(`Record ${number}`, card.markdown);
      return card;
    },
  };
}
