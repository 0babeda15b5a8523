import { Disposable, EventEmitter, FileChangeType, FilePermission, FileSystemError, FileType, workspace, type Event, type FileChangeEvent, type FileStat, type Uri } from 'vscode';
import { DisposableStore } from '../../base/disposable';
import { errorMessage } from '../../base/errorMessage';
import { VirtualFiles } from '../views/virtualFiles';
import type { RecordSaving } from './recordSaving';
import { recordScheme } from './recordUri';
import type { RecordView } from './recordView';
import type { RecordViews, ViewChange } from './recordViews';

const eventTypes: Readonly<Record<ViewChange, FileChangeType>> = { changed: FileChangeType.Changed, lost: FileChangeType.Deleted, found: FileChangeType.Created };

/** `cupel-record:` as a file system of one file a record. Writing one edits the dataset's document and touches no disk. */
export class RecordFiles extends VirtualFiles implements Disposable {
  readonly #views: RecordViews;
  readonly #saving: RecordSaving;
  readonly #changed = new EventEmitter<FileChangeEvent[]>();
  readonly #owned = new DisposableStore();

  constructor(views: RecordViews, saving: RecordSaving) {
    super();
    this.#views = views;
    this.#saving = saving;
    for (const one of [
      this.#changed,
      workspace.registerFileSystemProvider(recordScheme, this, { isCaseSensitive: true }),
      views.onDidChange(({ view, change }) => this.#changed.fire([{ type: eventTypes[change], uri: view.uri }])),
      workspace.onDidSaveTextDocument((document) => {
        // What has changed while it was being saved, its own front matter for one, VS Code did not read.
        if (document.uri.scheme === recordScheme) this.#changed.fire([{ type: FileChangeType.Changed, uri: document.uri }]);
      }),
    ]) {
      this.#owned.add(one);
    }
  }

  get onDidChangeFile(): Event<FileChangeEvent[]> {
    return this.#changed.event;
  }

  /** Every change is told, watched or not. */
  watch(): Disposable {
    return new Disposable(() => undefined);
  }

  async stat(uri: Uri): Promise<FileStat> {
    if (!isRecord(uri)) return { type: FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    const view = await this.#load(uri);
    return { type: FileType.File, ctime: 0, mtime: startOfTime + view.stamp, size: view.bytes?.byteLength ?? 0, ...(view.readOnly && { permissions: FilePermission.Readonly }) };
  }

  async readFile(uri: Uri): Promise<Uint8Array> {
    const { bytes } = await this.#load(uri);
    if (!bytes) throw FileSystemError.FileNotFound(uri);
    return bytes;
  }

  async writeFile(uri: Uri, content: Uint8Array): Promise<void> {
    try {
      await this.#saving.save(this.#views.view(uri), new TextDecoder('utf-8', { fatal: true }).decode(content));
    } catch (error) {
      throw unavailable(error);
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #load(uri: Uri): Promise<RecordView> {
    if (!isRecord(uri)) throw FileSystemError.FileNotFound(uri);
    try {
      const view = this.#views.view(uri);
      await this.#views.load(view);
      return view;
    } catch (error) {
      throw unavailable(error);
    }
  }
}

/** Milliseconds; any time will do, see `RecordView.stamp`. */
const startOfTime = 1_700_000_000_000;

/** A view's parent is a folder to VS Code, with the same query. */
function isRecord(uri: Uri): boolean {
  return uri.path.endsWith('.md');
}

/** The one kind of error whose text VS Code shows. */
function unavailable(error: unknown): FileSystemError {
  return error instanceof FileSystemError ? error : FileSystemError.Unavailable(errorMessage(error));
}
