import { lineNumberIn } from '../../protocol/pageUri';
import type { SideView } from '../recordView/sideView';
import { recordTarget } from '../target';
import type { Command } from './command';

export function openRecordToTheSide(side: SideView): Command {
  return {
    id: 'cupel.openRecordToTheSide',
    failure: 'The record could not be opened to the side',
    async run(argument) {
      const { document, lines } = await recordTarget(argument);
      const line = lines[0] ?? 0;
      const uri = await side.show(document, line);
      if (!uri) throw new Error(`line ${lineNumberIn(document.uri.toString(), line)} holds no record that can be read`);
      return uri.toString();
    },
  };
}
