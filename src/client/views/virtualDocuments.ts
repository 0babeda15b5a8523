import { EventEmitter, Uri, workspace, type Disposable, type Event, type TextDocumentContentProvider } from 'vscode';

/** How many texts are kept; older ones are forgotten. */
const kept = 100;

/** Read-only texts that live in memory, under a scheme of their own. */
export class VirtualDocuments implements TextDocumentContentProvider, Disposable {
  readonly scheme: string;
  /** Oldest first. */
  readonly #texts = new Map<string, string>();
  readonly #changed = new EventEmitter<Uri>();
  readonly #registration: Disposable;

  constructor(scheme: string) {
    this.scheme = scheme;
    this.#registration = workspace.registerTextDocumentContentProvider(scheme, this);
  }

  get onDidChange(): Event<Uri> {
    return this.#changed.event;
  }

  /** `path` begins with a slash; its ending decides the language. */
  put(path: string, text: string, query = ''): Uri {
    const uri = Uri.from({ scheme: this.scheme, path, query });
    const key = uri.toString();
    const before = this.#texts.get(key);
    this.#texts.delete(key);
    this.#texts.set(key, text);
    for (const oldest of this.#texts.keys()) {
      if (this.#texts.size <= kept) break;
      this.#texts.delete(oldest);
    }
    if (before !== text) this.#changed.fire(uri);
    return uri;
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.toString()) ?? 'This view is from an earlier session: run its command again.\n';
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
