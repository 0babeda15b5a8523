import { commands, Position, Range, Selection, window, workspace, WorkspaceEdit, type Disposable, type TextDocument, type Uri } from 'vscode';
import { documentVersion, frontMatter } from '../../core/record/recordDocument/read';
import type { RecordDocument, RecordEditOutcome } from '../../protocol/lsp';
import type { LanguageServer } from '../languageServer';
import type { Messages } from '../messages';
import { VirtualDocuments } from '../views/virtualDocuments';
import type { RecordView } from './recordView';
import type { RecordViews } from './recordViews';

type Refusal = Extract<RecordEditOutcome, { ok: false }>;

/** A dataset that changes faster than it can be edited is tried again this often. */
const attempts = 5;

/**
 * Puts an edited document's texts back into their line: one edit of the dataset's document, which stays unsaved. Refuses whatever
 * would overwrite a change that the person has not seen.
 */
export class RecordSaving implements Disposable {
  readonly #server: LanguageServer;
  readonly #views: RecordViews;
  readonly #messages: Messages;
  readonly #present = new VirtualDocuments('cupel-record-now');

  constructor(server: LanguageServer, views: RecordViews, messages: Messages) {
    this.#server = server;
    this.#views = views;
    this.#messages = messages;
  }

  /** @throws with the reason when nothing was written; the document then keeps its text. */
  async save(view: RecordView, text: string): Promise<void> {
    const written = documentVersion(text);
    if (written === undefined) throw new Error('The line "# version …" of the front matter is gone, and with it what this text was written from: undo the change there.');
    await this.#views.load(view);
    const before = view.text;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const dataset = await this.#views.dataset(view);
      const { dataset: uri, line, key } = view;
      const outcome = await this.#server.request('cupel/recordEdit', { uri, line, key, version: view.versionBehind(written), text, trimmed: trims(view.uri) });
      if (!outcome.ok) return this.#refuse(view, outcome, written);
      if (outcome.documentVersion !== dataset.version) continue;
      await apply(dataset.uri, outcome.edits);
      const saved = await this.#views.ask(dataset, outcome.line);
      if (saved) {
        view.standsFor(written, saved.version);
        this.#views.take(view, saved);
      }
      if (frontMatter(text) !== frontMatter(before) && written === documentVersion(before)) this.#messages.info('The comments at the top of a record are for reading: what was changed there is not kept.');
      return;
    }
    throw new Error('The dataset is being edited at this moment: save again.');
  }

  dispose(): void {
    this.#present.dispose();
  }

  async #refuse(view: RecordView, refusal: Refusal, written: string): Promise<never> {
    if (refusal.reason === 'conflict') await this.#showConflict(view, refusal.current, written);
    if (refusal.reason === 'unreadable') this.#messages.warning(`Not saved: ${refusal.message}`, { 'Show Line': () => showLine(view.uri, refusal.place) });
    throw new Error(refusal.message);
  }

  /** The record as it is now beside the person's text, which stays as it is until they decide. */
  async #showConflict(view: RecordView, current: RecordDocument, written: string): Promise<void> {
    const now = this.#present.put(view.uri.path, current.text, view.uri.query);
    await commands.executeCommand('vscode.diff', now, view.uri, `record ${current.number}: now in the dataset ↔ your text`, { preview: true });
    this.#messages.warning(`Record ${current.number} was changed in the dataset after you opened it. On the left it is as it is now: bring over to the right what you want to keep.`, {
      'Save My Text': async () => {
        view.standsFor(written, current.version);
        await documentOf(view.uri)?.save();
      },
      'Discard My Text': async () => {
        await window.showTextDocument(view.uri);
        await commands.executeCommand('workbench.action.files.revert');
      },
    });
  }
}

async function apply(dataset: Uri, edits: Extract<RecordEditOutcome, { ok: true }>['edits']): Promise<void> {
  if (edits.length === 0) return;
  const change = new WorkspaceEdit();
  for (const { range: { start, end }, newText } of edits) change.replace(dataset, new Range(start.line, start.character, end.line, end.character), newText);
  if (!(await workspace.applyEdit(change))) throw new Error('The editor did not take the edit of the dataset: save again.');
}

/** VS Code takes white space off the ends of lines when this document is saved. */
function trims(uri: Uri): boolean {
  return workspace.getConfiguration('files', { uri, languageId: 'markdown' }).get('trimTrailingWhitespace', false);
}

function documentOf(uri: Uri): TextDocument | undefined {
  return workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}

async function showLine(uri: Uri, line: number): Promise<void> {
  const editor = await window.showTextDocument(uri);
  const start = new Position(line, 0);
  editor.selection = new Selection(start, start);
  editor.revealRange(new Range(start, start));
}
