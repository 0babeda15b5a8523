import path from 'node:path';
import { window, type QuickPickItem, type Uri } from 'vscode';
import { formatAmount, formatCount } from '../../core/scores/format';
import type { BigFileHits, BigFileQuery } from '../../protocol/lsp';
import type { Messages } from '../messages';
import type { Operations } from '../operations';
import type { Pages } from './pages';

type Hit = BigFileHits['hits'][number];

interface HitItem extends QuickPickItem {
  readonly hit?: Hit;
}

export interface SearchPorts {
  readonly operations: Operations;
  readonly pages: Pages;
  readonly messages: Messages;
}

/** Searches a whole file from the line `from` on; undefined when the person cancelled. */
export function searchFile({ operations }: SearchPorts, file: Uri, query: BigFileQuery, from = 0): Promise<BigFileHits | undefined> {
  return operations.runLate(`Searching ${path.basename(file.path)}`, 'cupel/bigFile/search', { uri: file.toString(), query, from });
}

/** Lets the person choose among the hits, and go on searching where they end; shows the chosen one. */
export async function chooseHit(ports: SearchPorts, file: Uri, query: BigFileQuery, first: BigFileHits): Promise<void> {
  let [found, hits] = [first, first.hits];
  for (;;) {
    if (hits.length === 0) {
      ports.messages.info(`Nothing in ${path.basename(file.path)} holds "${query.text}".${unsearched(found)}`);
      return;
    }
    const more: HitItem[] = found.next === null ? [] : [{ label: '$(search) Search on…', description: `from record ${formatCount(found.next + 1)}`, alwaysShow: true }];
    const title = `${formatAmount(hits.length, 'record')}${found.next === null ? '' : ' so far'} with "${query.text}"${unsearched(found)}`;
    const chosen = await window.showQuickPick<HitItem>([...hits.map(item), ...more], { title, placeHolder: 'Go to a record', matchOnDescription: true });
    if (!chosen) return;
    if (chosen.hit) {
      await ports.pages.show(file, chosen.hit.line, chosen.hit);
      return;
    }
    const next = found.next === null ? undefined : await searchFile(ports, file, query, found.next);
    if (!next) return;
    found = next;
    hits = [...hits, ...next.hits];
  }
}

/** The number first: a long text would push it out. Dataset text must not draw icons. */
function item(hit: Hit): HitItem {
  return { label: formatCount(hit.line + 1), description: hit.excerpt.replaceAll('$(', String.raw`\$(`), hit };
}

function unsearched({ unsearched: lines }: BigFileHits): string {
  return lines === 0 ? '' : ` ${formatAmount(lines, 'line')} of more than 64 MB were not searched.`;
}
