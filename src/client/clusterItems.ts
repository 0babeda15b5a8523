import { formatNumber } from '../core/scores/format';
import type { ClusterMember, RecordCluster } from '../protocol/lsp';
import { lineNumberIn } from '../protocol/pageUri';

/** An entry of the list of near-duplicates. */
export interface ClusterItem {
  readonly label: string;
  readonly description: string;
  /** 0-based. */
  readonly line: number;
}

/** The records that are like the one asked about, each with how: `.93 · line 12`, `same record · line 3`, `same prompt, .41 · line 40`. */
export function clusterItems({ members }: RecordCluster, document: string): ClusterItem[] {
  return members.filter(({ kind }) => kind !== 'self').map((member) => ({ label: plainLabel(member.title), description: `${likeness(member)} · line ${lineNumberIn(document, member.line)}`, line: member.line }));
}

function likeness({ kind, similarity }: ClusterMember): string {
  switch (kind) {
    case 'self':
    case 'same':
      return 'same record';
    case 'prompt':
      return `same prompt, ${shortSimilarity(similarity)}`;
    case 'near':
      return shortSimilarity(similarity);
  }
}

/** Two digits, cut, so that only what is the same reads as 1. */
function shortSimilarity(similarity: number): string {
  return formatNumber(Math.floor(similarity * 100) / 100);
}

/** Editors draw `$(name)` in a label as an icon: dataset text is to be read as it is. */
function plainLabel(title: string): string {
  return title === '' ? '(no instruction)' : title.replaceAll('$(', '\\$(');
}
