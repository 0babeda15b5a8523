import { commands, Range, Uri, window, workspace, WorkspaceEdit, type Disposable, type Tab, type TextDocument } from 'vscode';
import type { Proposal } from '../../core/proposals/proposal';
import type { AcceptOutcome } from '../../protocol/lsp';
import type { Messages } from '../messages';
import type { LanguageServer } from '../languageServer';
import type { ProposalDocuments } from './proposalDocuments';
import { following, neighbour, pendingQueue, placeOf, type QueuePlace } from './queue';
import { ReviewTally } from './tally';
import { UndoWatcher } from './undoWatcher';

type AcceptableEdit = Extract<AcceptOutcome, { ok: true }>;

/**
 * The review of proposals, one diff at a time. What waits and what was decided is the server's to know; this shows it
 * and carries decisions out.
 */
export class ReviewSession implements Disposable {
  readonly #server: LanguageServer;
  readonly #documents: ProposalDocuments;
  readonly #messages: Messages;
  readonly #undo: UndoWatcher;
  readonly #tallies = new Map<string, ReviewTally>();
  readonly #tabListener: Disposable;
  #reviewing = false;
  #deciding = false;

  constructor(server: LanguageServer, documents: ProposalDocuments, messages: Messages) {
    this.#server = server;
    this.#documents = documents;
    this.#messages = messages;
    this.#undo = new UndoWatcher(({ id }, status) => void this.#turned(id, status));
    this.#tabListener = window.tabGroups.onDidChangeTabs(() => void this.#updateContext());
  }

  /** Opens what waits for this dataset; `asked` are proposals that a teacher has just given, the first of them comes first. */
  async start(dataset: Uri, asked: readonly Proposal[] = []): Promise<boolean> {
    this.#tally(dataset).asked(asked);
    const queue = await this.#queue(dataset);
    const place = placeOf(queue, pendingQueue(asked)[0]?.id);
    if (!place) {
      this.#messages.info('Nothing waits for review. Regenerate a response to get a proposal.');
      return false;
    }
    await this.#show(place, undefined);
    return true;
  }

  /** Puts the shown proposal into its record, as one step of the dataset's undo stack, and goes on to the next. */
  async accept(): Promise<void> {
    await this.#decide(async (proposal) => {
      const dataset = await workspace.openTextDocument(datasetOf(proposal));
      const edit = await this.#acceptableEdit(proposal, dataset);
      if (!edit) return false;
      const before = dataset.lineAt(edit.range.start.line).text;
      const change = new WorkspaceEdit();
      const { start, end } = edit.range;
      change.replace(dataset.uri, new Range(start.line, start.character, end.line, end.character), edit.newText);
      if (!(await workspace.applyEdit(change))) throw new Error('the editor did not take the edit; the proposal is still there');
      await this.#server.request('cupel/resolveProposal', { id: proposal.id, status: 'accepted' });
      this.#undo.watch({ id: proposal.id, uri: dataset.uri.toString(), before, after: dataset.lineAt(start.line).text });
      this.#tally(dataset.uri).decided(proposal, 'accepted');
      return true;
    });
  }

  async reject(): Promise<void> {
    await this.#decide(async (proposal) => {
      await this.#server.request('cupel/resolveProposal', { id: proposal.id, status: 'rejected' });
      this.#tally(datasetOf(proposal)).decided(proposal, 'rejected');
      return true;
    });
  }

  async move(step: 1 | -1): Promise<void> {
    const shown = this.#documents.shown();
    const view = shown && (await this.#server.request('cupel/proposalView', { id: shown.id }));
    if (!view) return;
    const place = neighbour(await this.#queue(datasetOf(view.proposal)), shown.id, step);
    if (place) await this.#show(place, shown.tab);
  }

  dispose(): void {
    this.#tabListener.dispose();
    this.#undo.dispose();
  }

  /** Carries one decision out; a second press of the key while the first is under way does nothing. */
  async #decide(carryOut: (proposal: Proposal) => Promise<boolean>): Promise<void> {
    const shown = this.#documents.shown();
    if (!shown || this.#deciding) return;
    this.#deciding = true;
    try {
      const view = await this.#server.request('cupel/proposalView', { id: shown.id });
      if (!view) throw new Error('this proposal is no longer known');
      if (!(await carryOut(view.proposal))) return;
      const dataset = datasetOf(view.proposal);
      const place = following(await this.#queue(dataset), view.proposal);
      if (place) await this.#show(place, shown.tab);
      else await this.#finish(dataset, view.line, shown.tab);
    } finally {
      this.#deciding = false;
    }
  }

  /** The server's edit, checked against the text it was made for. Undefined when it cannot be done, which the person is told. */
  async #acceptableEdit(proposal: Proposal, dataset: TextDocument): Promise<AcceptableEdit | undefined> {
    // A keystroke may have overtaken the first answer; then the second one fits.
    for (let attempt = 0; attempt < 2; attempt++) {
      const outcome = await this.#server.request('cupel/acceptProposal', { id: proposal.id });
      if (!outcome.ok) {
        this.#messages.warning(`Not accepted: ${outcome.reason}`, { 'Show Record': () => showLine(dataset.uri, proposal.line - 1) });
        return undefined;
      }
      if (outcome.documentVersion === null ? !dataset.isDirty : outcome.documentVersion === dataset.version) return outcome;
    }
    this.#messages.warning('Not accepted: the dataset is being edited. The proposal is still there; try again.');
    return undefined;
  }

  async #queue(dataset: Uri): Promise<Proposal[]> {
    return pendingQueue(await this.#server.request('cupel/proposals', { uri: dataset.toString() }));
  }

  async #show({ proposal, position, total }: QueuePlace, leaving: Tab | undefined): Promise<void> {
    const view = await this.#server.request('cupel/proposalView', { id: proposal.id });
    if (!view) throw new Error('this proposal is no longer known');
    const { now, proposed } = this.#documents.put(view);
    await commands.executeCommand('vscode.diff', now, proposed, `${view.title}   ${position} of ${total}`, { preview: true });
    if (leaving) await closeLeft(leaving);
    await this.#updateContext();
  }

  async #finish(dataset: Uri, line: number | undefined, tab: Tab): Promise<void> {
    await showLine(dataset, line ?? 0);
    await closeLeft(tab);
    await this.#updateContext();
    this.#messages.info(this.#tally(dataset).summary());
    this.#tallies.delete(dataset.toString());
  }

  async #turned(id: string, status: 'pending' | 'accepted'): Promise<void> {
    try {
      await this.#server.request('cupel/resolveProposal', { id, status });
      const view = await this.#server.request('cupel/proposalView', { id });
      if (view) this.#tally(datasetOf(view.proposal)).decided(view.proposal, status);
    } catch (error) {
      this.#messages.failure('The proposal could not be put back', error);
    }
  }

  #tally(dataset: Uri): ReviewTally {
    const key = dataset.toString();
    const tally = this.#tallies.get(key) ?? new ReviewTally();
    this.#tallies.set(key, tally);
    return tally;
  }

  /** `cupel.reviewing` holds only while a proposal is the active editor. */
  async #updateContext(): Promise<void> {
    const reviewing = this.#documents.shown() !== undefined;
    if (reviewing === this.#reviewing) return;
    this.#reviewing = reviewing;
    await commands.executeCommand('setContext', 'cupel.reviewing', reviewing);
  }
}

/** A document that was never saved goes by its URI. */
function datasetOf({ file }: Proposal): Uri {
  return file.startsWith('untitled:') ? Uri.parse(file) : Uri.file(file);
}

/** Closes a diff that was left, unless the editor has already put the next one in its place. */
async function closeLeft(tab: Tab): Promise<void> {
  const open = window.tabGroups.all.flatMap(({ tabs }) => tabs).find((candidate) => candidate === tab);
  if (open && !open.isActive) await window.tabGroups.close(open);
}

async function showLine(dataset: Uri, line: number): Promise<void> {
  const start = new Range(line, 0, line, 0);
  await window.showTextDocument(dataset, { selection: start, preview: false });
}
