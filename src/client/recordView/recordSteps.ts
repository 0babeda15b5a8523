import { TabInputText, window, type TextDocument } from 'vscode';
import { datasetLanguage } from '../languageClient';
import type { LanguageServer } from '../languageServer';
import { editorsOf, goToLine, replaceTab } from './recordTabs';
import { recordScheme } from './recordUri';
import type { RecordViews } from './recordViews';
import type { SideView } from './sideView';

/** How long the status bar says that there is no further record. */
const noticeMs = 3000;

/** From a record to the next or the one before: a record view shows it in its place, a dataset moves its cursor. */
export class RecordSteps {
  readonly #server: LanguageServer;
  readonly #views: RecordViews;
  readonly #side: SideView;

  constructor(server: LanguageServer, views: RecordViews, side: SideView) {
    this.#server = server;
    this.#views = views;
    this.#side = side;
  }

  /**
   * @returns the 0-based line gone to; undefined when there is no further record.
   * @throws with what to do when neither a dataset nor a record is the active editor.
   */
  async go(step: 1 | -1): Promise<number | undefined> {
    const tab = window.tabGroups.activeTabGroup.activeTab;
    const uri = tab?.input instanceof TabInputText && tab.input.uri.scheme === recordScheme ? tab.input.uri : undefined;
    if (tab && uri) {
      const view = this.#views.view(uri);
      await this.#views.load(view);
      const dataset = await this.#views.dataset(view);
      const line = await this.#neighbour(dataset, view.line, step);
      const next = line === undefined ? undefined : await this.#views.uriOf(dataset, line);
      if (line === undefined || !next) return undefined;
      this.#side.moved(uri, next);
      await replaceTab(tab, next, { preserveFocus: false, keep: this.#views.isEdited(uri) });
      for (const editor of editorsOf(dataset)) goToLine(editor, line);
      return line;
    }
    const editor = window.activeTextEditor;
    if (editor?.document.languageId !== datasetLanguage) throw new Error('open a JSONL dataset or one of its records first');
    const line = await this.#neighbour(editor.document, editor.selection.active.line, step);
    if (line !== undefined) goToLine(editor, line);
    return line;
  }

  async #neighbour({ uri }: TextDocument, line: number, step: 1 | -1): Promise<number | undefined> {
    const found = await this.#server.request('cupel/neighbourRecord', { uri: uri.toString(), line, step });
    if (!found) window.setStatusBarMessage(step === 1 ? 'This is the last record.' : 'This is the first record.', noticeMs);
    return found?.line;
  }
}
