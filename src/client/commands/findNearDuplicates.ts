import { Range, TextEditorRevealType, window, type TextDocument } from 'vscode';
import { commandId } from '../../protocol/commands';
import { lineNumberIn, pageScheme } from '../../protocol/pageUri';
import { formatAmount, formatCount } from '../../core/scores/format';
import { clusterItems, type ClusterItem } from '../clusterItems';
import type { Messages } from '../messages';
import type { Operations } from '../operations';
import { recordTarget } from '../target';
import type { Command } from './command';

/** Lists the records that are like the one under the cursor; the file shows the one that is looked at, and goes to the one that is picked. */
export function findNearDuplicates(operations: Operations, messages: Messages): Command {
  return {
    id: commandId.findNearDuplicates,
    failure: 'Near-duplicates could not be found',
    async run(argument) {
      const { document, lines } = await recordTarget(argument);
      const line = lines[0] ?? 0;
      const uri = document.uri.toString();
      const number = lineNumberIn(uri, line);
      const cluster = await operations.run('Looking for near-duplicates', 'cupel/cluster', { uri, line });
      if (cluster === undefined) return undefined;
      if (cluster === null) throw new Error(`line ${number} holds no record that can be read`);
      const items = clusterItems(cluster, uri);
      if (items.length === 0) {
        messages.info(`No other record ${document.uri.scheme === pageScheme ? 'on this page' : 'of this file'} is the same as the one on line ${number}, or nearly so.`);
        return cluster;
      }
      const left = cluster.more > 0 ? `, and ${formatCount(cluster.more)} more` : '';
      const picked = await window.showQuickPick<ClusterItem>(items, {
        title: `${formatAmount(items.length, 'record')} like the one on line ${number}${left}`,
        matchOnDescription: true,
        onDidSelectItem: (item) => typeof item !== 'string' && reveal(document, (item as ClusterItem).line),
      });
      if (!picked) return cluster;
      if (document.version !== cluster.version) throw new Error('the dataset has changed meanwhile: look again');
      await window.showTextDocument(document, { selection: new Range(picked.line, 0, picked.line, 0) });
      return cluster;
    },
  };
}

function reveal(document: TextDocument, line: number): void {
  const editor = window.visibleTextEditors.find((candidate) => candidate.document === document);
  editor?.revealRange(new Range(line, 0, line, 0), TextEditorRevealType.InCenterIfOutsideViewport);
}
