import { FileSystemError, type Event, type FileChangeEvent, type FileStat, type FileSystemProvider, type FileType, type Uri, type Disposable } from 'vscode';

/** Files that stand for something else: there are no folders to list, and none can be removed or renamed. */
export abstract class VirtualFiles implements FileSystemProvider {
  abstract readonly onDidChangeFile: Event<FileChangeEvent[]>;
  abstract watch(uri: Uri): Disposable;
  abstract stat(uri: Uri): Promise<FileStat>;
  abstract readFile(uri: Uri): Promise<Uint8Array>;
  abstract writeFile(uri: Uri, content: Uint8Array): void | Promise<void>;

  readDirectory(): [string, FileType][] {
    return [];
  }

  createDirectory(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }

  delete(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }

  rename(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }
}
