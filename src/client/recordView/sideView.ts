import { ViewColumn, window, type Disposable, type TextDocument, type TextEditor, type Uri } from 'vscode';
import { DisposableStore } from '../../base/disposable';
import type { Messages } from '../messages';
import { datasetLanguage } from '../languageClient';
import type { RecordViews } from './recordViews';
import { replaceTab, tabOf } from './recordTabs';

/**
 * One record beside its dataset, which changes with the dataset's cursor until it is closed. While it has unsaved changes it stays.
 * One change of it is under way at most; of those that are wanted meanwhile the last counts.
 */
export class SideView implements Disposable {
  readonly #views: RecordViews;
  readonly #messages: Messages;
  readonly #owned = new DisposableStore();
  #shown: Uri | undefined;
  #wanted: TextEditor | undefined;
  #moving = false;

  constructor(views: RecordViews, messages: Messages) {
    this.#views = views;
    this.#messages = messages;
    this.#owned.add(window.onDidChangeTextEditorSelection(({ textEditor }) => void this.#follow(textEditor)));
    this.#owned.add(window.onDidChangeActiveTextEditor((editor) => void this.#follow(editor)));
  }

  /** @returns the document's URI, or undefined where there is no record. */
  async show(dataset: TextDocument, line: number): Promise<Uri | undefined> {
    const uri = await this.#views.uriOf(dataset, line);
    if (!uri) return undefined;
    const tab = this.#tab();
    if (tab && !this.#views.isEdited(tab.uri)) await replaceTab(tab.tab, uri, { preserveFocus: true, keep: false });
    else await window.showTextDocument(uri, { viewColumn: ViewColumn.Beside, preserveFocus: true, preview: true });
    this.#shown = uri;
    return uri;
  }

  /** Another record was put where this one was shown. */
  moved(from: Uri, to: Uri): void {
    if (this.#shown?.toString() === from.toString()) this.#shown = to;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #follow(editor: TextEditor | undefined): Promise<void> {
    if (!this.#shown || editor?.document.languageId !== datasetLanguage) return;
    this.#wanted = editor;
    if (this.#moving) return;
    this.#moving = true;
    try {
      for (let wanted = this.#take(); wanted; wanted = this.#take()) await this.#move(wanted);
    } catch (error) {
      this.#messages.failure('The record at the side could not be changed', error);
    } finally {
      this.#moving = false;
    }
  }

  #take(): TextEditor | undefined {
    const wanted = this.#wanted;
    this.#wanted = undefined;
    return wanted;
  }

  async #move({ document, selection, viewColumn }: TextEditor): Promise<void> {
    const shown = this.#tab();
    if (!shown) {
      this.#shown = undefined;
      return;
    }
    if (this.#views.isEdited(shown.uri) || shown.tab.group.viewColumn === viewColumn) return;
    const uri = await this.#views.uriOf(document, selection.active.line);
    if (!uri || uri.toString() === shown.uri.toString() || this.#views.isEdited(shown.uri)) return;
    this.#shown = uri;
    await replaceTab(shown.tab, uri, { preserveFocus: true, keep: false });
  }

  #tab() {
    const uri = this.#shown;
    const tab = uri && tabOf(uri);
    return tab && { uri, tab };
  }
}
