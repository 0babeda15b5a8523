import { EventEmitter, Uri, workspace, type Disposable, type Event, type LogOutputChannel, type Memento, type TextDocument } from 'vscode';
import { DisposableStore } from '../../base/disposable';
import { errorMessage } from '../../base/errorMessage';
import { documentBody } from '../../core/record/recordDocument/read';
import type { RecordDocument } from '../../protocol/lsp';
import type { LanguageServer } from '../languageServer';
import type { FileStatuses } from '../views/fileStatuses';
import { readRecordUri, recordScheme, recordUri } from './recordUri';
import { RecordView } from './recordView';

export interface RecordViewsDeps {
  readonly server: LanguageServer;
  readonly statuses: FileStatuses;
  readonly log: LogOutputChannel;
  /** Where records stand, for the next time the window opens. */
  readonly memory: Memento;
}

export type ViewChange = 'changed' | 'lost' | 'found';

const memoryKey = 'cupel.recordViews';
const remembered = 200;

/** The records that are shown as documents, each kept in step with its dataset. */
export class RecordViews implements Disposable {
  readonly #deps: RecordViewsDeps;
  readonly #views = new Map<string, RecordView>();
  readonly #refreshing = new Map<RecordView, { again: boolean }>();
  readonly #changed = new EventEmitter<{ readonly view: RecordView; readonly change: ViewChange }>();
  readonly #owned = new DisposableStore();

  constructor(deps: RecordViewsDeps) {
    this.#deps = deps;
    for (const listener of [
      this.#changed,
      workspace.onDidChangeTextDocument((event) => {
        for (const view of this.#of(event.document.uri)) {
          view.follow(event);
          void this.refresh(view);
        }
      }),
      workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === recordScheme) this.#views.delete(uri.toString());
        else for (const view of this.#of(uri)) view.unfollow();
      }),
      deps.statuses.onDidChange(({ uri }) => {
        for (const view of this.#of(Uri.parse(uri))) void this.refresh(view);
      }),
    ]) {
      this.#owned.add(listener);
    }
  }

  get onDidChange(): Event<{ readonly view: RecordView; readonly change: ViewChange }> {
    return this.#changed.event;
  }

  /** The document's URI for the record on a line: that of the view which already shows it, or a new one. Undefined where there is no record. */
  async uriOf(dataset: TextDocument, line: number): Promise<Uri | undefined> {
    for (const view of this.#of(dataset.uri)) if (view.followed && view.line === line && view.bytes) return view.uri;
    const document = await this.ask(dataset, line);
    return document ? recordUri({ dataset: dataset.uri.toString(), line: document.line, key: document.key }, document.number) : undefined;
  }

  /** @throws when the URI is none of a record. */
  view(uri: Uri): RecordView {
    const known = this.#views.get(uri.toString());
    if (known) return known;
    const place = readRecordUri(uri);
    if (!place) throw new Error('This is not the address of a record: run Open Record on a line of a dataset.');
    const last = this.#memory()[uri.toString()];
    const view = new RecordView(uri, { ...place, ...last });
    this.#views.set(uri.toString(), view);
    return view;
  }

  /** Its editor holds texts that are not the record's. VS Code tells that a document is dirty only some time after its text. */
  isEdited(uri: Uri): boolean {
    const document = openDocument(uri.toString());
    const view = this.#views.get(uri.toString());
    return document !== undefined && (document.isDirty || (view?.bytes !== undefined && documentBody(document.getText()) !== documentBody(view.text)));
  }

  /** The dataset of a view, open so that its edits are seen. */
  async dataset(view: RecordView): Promise<TextDocument> {
    return workspace.openTextDocument(Uri.parse(view.dataset, true));
  }

  /**
   * Reads the record where that has not been done, or where nobody has watched its dataset since.
   *
   * @throws with what to do when the record is not there.
   */
  async load(view: RecordView): Promise<void> {
    if (view.bytes && view.followed) return;
    const dataset = await this.dataset(view);
    if (!(await this.#read(view, dataset))) throw new Error('The record is no longer in the dataset as this view knew it: open the dataset and run Open Record on its line.');
  }

  /** Asks for the record anew; one request at a time, and another when something happened meanwhile. */
  async refresh(view: RecordView): Promise<void> {
    const running = this.#refreshing.get(view);
    if (running) {
      running.again = true;
      return;
    }
    const state = { again: true };
    this.#refreshing.set(view, state);
    try {
      while (state.again) {
        state.again = false;
        const dataset = openDocument(view.dataset);
        if (dataset) await this.#read(view, dataset);
      }
    } catch (error) {
      this.#deps.log.warn(`A record view could not be brought up to date: ${errorMessage(error)}`);
    } finally {
      this.#refreshing.delete(view);
    }
  }

  /**
   * The record on a line, or with a key the one that has it, as the dataset is now: neither a request nor an answer that an edit
   * has overtaken counts.
   */
  async ask(dataset: TextDocument, line: number, key?: string): Promise<RecordDocument | undefined> {
    for (;;) {
      const { record, documentVersion } = await this.#deps.server.request('cupel/recordDocument', { uri: dataset.uri.toString(), line, ...(key !== undefined && { key }) });
      if (documentVersion === dataset.version) return record ?? undefined;
      if (dataset.isClosed) throw new Error('The dataset was closed meanwhile: open it again.');
    }
  }

  /** Shows the record as it is now. */
  take(view: RecordView, record: RecordDocument): void {
    const wasThere = view.bytes !== undefined;
    if (!view.update(record, encodingMark(view.uri))) return;
    this.#changed.fire({ view, change: wasThere ? 'changed' : 'found' });
    this.#remember(view);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** False when there is no such record now. A followed line may hold none for a while: somebody is typing in it. */
  async #read(view: RecordView, dataset: TextDocument): Promise<boolean> {
    const { line, key, followed } = view;
    const record = await this.ask(dataset, line, followed ? undefined : key);
    if (record) this.take(view, record);
    else if (!followed && view.lose()) this.#changed.fire({ view, change: 'lost' });
    return record !== undefined;
  }

  *#of(dataset: Uri): Generator<RecordView> {
    if (this.#views.size === 0) return;
    const uri = dataset.toString();
    for (const view of this.#views.values()) if (view.dataset === uri) yield view;
  }

  #memory(): Readonly<Record<string, { readonly line: number; readonly key: string }>> {
    return this.#deps.memory.get(memoryKey, {});
  }

  #remember({ uri, line, key }: RecordView): void {
    const address = uri.toString();
    const others = Object.entries(this.#memory()).filter(([other]) => other !== address);
    const places = Object.fromEntries([...others.slice(1 - remembered), [address, { line, key }]]);
    this.#deps.memory.update(memoryKey, places).then(undefined, (error: unknown) => this.#deps.log.warn(`Where a record stands could not be remembered for the next window: ${errorMessage(error)}`));
  }
}

function openDocument(uri: string): TextDocument | undefined {
  return workspace.textDocuments.find((document) => document.uri.toString() === uri);
}

/** Record views are UTF-8; where the person's setting says otherwise only a byte-order mark tells VS Code. */
function encodingMark(uri: Uri): string {
  const files = workspace.getConfiguration('files', { uri, languageId: 'markdown' });
  return files.get<string>('encoding', 'utf8') === 'utf8' && !files.get<boolean>('autoGuessEncoding', false) ? '' : '\ufeff';
}
