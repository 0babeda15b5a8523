import { EventEmitter, FilePermission, FileChangeType, FileSystemError, FileType, MarkdownString, RelativePattern, Uri, workspace, type Disposable, type Event, type FileChangeEvent, type FileStat } from 'vscode';
import { DisposableStore } from '../../base/disposable';
import { errorMessage } from '../../base/errorMessage';
import type { BigFile } from '../../protocol/lsp';
import { pageScheme, parsePageUri, type PagePlace } from '../../protocol/pageUri';
import type { LanguageServer } from '../languageServer';
import { VirtualFiles } from '../views/virtualFiles';

const whyReadOnly = 'This is a page of a file that is too large to be edited here. To change records, write those you want into a file of their own with **Cupel: Select Subset…**, or use the command line.';

/** Says in every encoding setting that the text is UTF-8; VS Code takes it off. */
const byteOrderMark = '\uFEFF';

/** `cupel-page:` as a read-only file system: each page of a big file is one JSONL document of VS Code's own editor. */
export class PageFiles extends VirtualFiles implements Disposable {
  readonly #server: LanguageServer;
  readonly #changed = new EventEmitter<FileChangeEvent[]>();
  readonly #read = new EventEmitter<{ readonly page: Uri; readonly described: BigFile }>();
  readonly #owned = new DisposableStore();

  constructor(server: LanguageServer) {
    super();
    this.#server = server;
    const registration = workspace.registerFileSystemProvider(pageScheme, this, { isCaseSensitive: true, isReadonly: new MarkdownString(whyReadOnly) });
    for (const one of [this.#changed, this.#read, registration]) this.#owned.add(one);
  }

  get onDidChangeFile(): Event<FileChangeEvent[]> {
    return this.#changed.event;
  }

  /** A page was read: what the file is like now. */
  get onDidRead(): Event<{ readonly page: Uri; readonly described: BigFile }> {
    return this.#read.event;
  }

  /** A page changes with its file. */
  watch(uri: Uri): Disposable {
    const file = Uri.parse(placeOf(uri).file, true);
    // A name may hold what a pattern would take for a wildcard.
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.joinPath(file, '..'), '*'));
    const tell = (type: FileChangeType) => (changed: Uri) => {
      if (changed.path === file.path) this.#changed.fire([{ type, uri }]);
    };
    watcher.onDidChange(tell(FileChangeType.Changed));
    watcher.onDidCreate(tell(FileChangeType.Created));
    watcher.onDidDelete(tell(FileChangeType.Deleted));
    return watcher;
  }

  async stat(uri: Uri): Promise<FileStat> {
    const { ctime, mtime } = await workspace.fs.stat(Uri.parse(placeOf(uri).file, true));
    return { type: FileType.File, ctime, mtime, size: 0, permissions: FilePermission.Readonly };
  }

  async readFile(uri: Uri): Promise<Uint8Array> {
    const { file, firstLine } = placeOf(uri);
    try {
      const { text, ...described } = await this.#server.request('cupel/bigFile/page', { uri: file, firstLine });
      this.#read.fire({ page: uri, described });
      return Buffer.from(byteOrderMark + text, 'utf8');
    } catch (error) {
      throw FileSystemError.Unavailable(errorMessage(error));
    }
  }

  writeFile(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

function placeOf(uri: Uri): PagePlace {
  const place = parsePageUri(uri.toString());
  if (!place) throw FileSystemError.FileNotFound(uri);
  return place;
}
