import { EventEmitter, Uri, type Disposable, type Event } from 'vscode';
import type { FileStatus } from '../../protocol/lsp';

/** The last picture that the server sent of each dataset. */
export class FileStatuses implements Disposable {
  readonly #statuses = new Map<string, FileStatus>();
  readonly #changed = new EventEmitter<FileStatus>();

  get onDidChange(): Event<FileStatus> {
    return this.#changed.event;
  }

  of(dataset: Uri): FileStatus | undefined {
    return this.#statuses.get(dataset.toString());
  }

  update(status: FileStatus): void {
    this.#statuses.set(Uri.parse(status.uri).toString(), status);
    this.#changed.fire(status);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
