import { TabInputTextDiff, window, type Disposable, type Tab, type Uri } from 'vscode';
import type { ProposalView } from '../../protocol/lsp';
import { VirtualDocuments } from '../views/virtualDocuments';

export interface ShownProposal {
  readonly id: string;
  readonly tab: Tab;
}

/** Both sides of a proposal's diff as read-only Markdown, and which proposal an editor shows. */
export class ProposalDocuments implements Disposable {
  readonly #documents = new VirtualDocuments('cupel-proposal');

  put({ before, after, proposal }: ProposalView): { readonly now: Uri; readonly proposed: Uri } {
    const folder = `/record ${proposal.line}`;
    return {
      now: this.#documents.put(`${folder}/now.md`, before, proposal.id),
      proposed: this.#documents.put(`${folder}/proposed.md`, after, proposal.id),
    };
  }

  /** The proposal whose diff is the active editor. */
  shown(): ShownProposal | undefined {
    const tab = window.tabGroups.activeTabGroup.activeTab;
    if (!(tab?.input instanceof TabInputTextDiff) || tab.input.modified.scheme !== this.#documents.scheme) return undefined;
    return { id: tab.input.modified.query, tab };
  }

  dispose(): void {
    this.#documents.dispose();
  }
}
