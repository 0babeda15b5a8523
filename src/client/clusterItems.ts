import type { ClusterMember, RecordCluster } from '../protocol/lsp';
import { lineNumberIn } from '../protocol/pageUri';

/** An entry of the list of near-duplicates. */
export interface ClusterItem {
  readonly label: string;
  readonly description: string;
  /** 0-based. */
  readonly line: number;
}

/** The records that are like the one asked about, each with how: `nearly the same, .93 · line 12`, `same record · line 3`, `same prompt, .41 · line 40`. */
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
      return `nearly the same, ${shortSimilarity(similarity)}`;
  }
}

/** Two digits after the point, cut, so that only what is the same reads as 1. */
function shortSimilarity(similarity: number): string {
  const hundredths = Math.floor(similarity * 100);
  return hundredths === 0 || hundredths === 100 ? String(hundredths / 100) : `.${String(hundredths).padStart(2, '0')}`;
}

/** Editors draw `$(name)` in a label as an icon: dataset text is to be read as it is. */
function plainLabel(title: string): string {
  return title === '' ? '(no instruction)' : title.replaceAll('$(', '\\$(');
}
