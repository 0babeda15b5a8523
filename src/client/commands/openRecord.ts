import { lineNumberIn } from '../../protocol/pageUri';
import { window } from 'vscode';
import { commandId } from '../../protocol/commands';
import type { RecordViews } from '../recordView/recordViews';
import { recordTarget } from '../target';
import type { Command } from './command';

/** More editors than these are opened by mistake. */
const atOnce = 10;

/** The records under the cursor or the selections, each as a document to read and edit. */
export function openRecord(views: RecordViews): Command {
  return {
    id: commandId.openRecord,
    failure: 'The record could not be opened',
    async run(argument) {
      const { document, lines } = await recordTarget(argument);
      if (lines.length > atOnce) throw new Error(`${lines.length} records are selected and at most ${atOnce} are opened at once: select fewer`);
      const opened: string[] = [];
      for (const line of lines) {
        const uri = await views.uriOf(document, line);
        if (!uri) throw new Error(`line ${lineNumberIn(document.uri.toString(), line)} holds no record that can be read`);
        await window.showTextDocument(uri, { preview: false });
        opened.push(uri.toString());
      }
      return opened;
    },
  };
}
