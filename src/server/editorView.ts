import { CancellationToken, type ClientCapabilities, type Connection } from 'vscode-languageserver';
import { DisposableStore, type Disposable } from '../base/disposable';
import { errorMessage } from '../base/errorMessage';
import type { Logger } from '../base/logger';
import { Later } from './later';
import type { Problems } from './problems';

export interface EditorViewDeps {
  readonly connection: Connection;
  readonly editor: ClientCapabilities;
  readonly problems: Problems;
  readonly logger: Logger;
}

/** Keeps what the editor shows up to date: asks it to ask again, a few times a second at most, or sends what it cannot ask for. */
export class EditorView implements Disposable {
  readonly #deps: EditorViewDeps;
  readonly #owned = new DisposableStore();
  readonly #badges: Later;
  readonly #problems: Later;
  readonly #files = new Set<string>();
  #disposed = false;

  constructor(deps: EditorViewDeps) {
    this.#deps = deps;
    this.#badges = this.#owned.add(new Later(250, () => this.#refreshBadges()));
    this.#problems = this.#owned.add(new Later(400, () => this.#refreshProblems()));
  }

  scoresChanged(): void {
    this.#badges.wish();
  }

  problemsChanged(uri: string): void {
    this.#deps.problems.changed(uri);
    this.#files.add(uri);
    this.#problems.wish();
  }

  closed(uri: string): void {
    this.#files.delete(uri);
    if (!this.#pulls()) this.#settle(this.#deps.connection.sendDiagnostics({ uri, diagnostics: [] }));
  }

  dispose(): void {
    this.#disposed = true;
    this.#owned.dispose();
  }

  #refreshBadges(): void {
    if (this.#deps.editor.workspace?.inlayHint?.refreshSupport) this.#settle(this.#deps.connection.languages.inlayHint.refresh());
  }

  #refreshProblems(): void {
    const { connection, editor } = this.#deps;
    if (!this.#pulls()) for (const uri of this.#files) this.#settle(this.#send(uri));
    else if (editor.workspace?.diagnostics?.refreshSupport) this.#settle(connection.languages.diagnostics.refresh());
    this.#files.clear();
  }

  async #send(uri: string): Promise<void> {
    const diagnostics = await this.#deps.problems.diagnostics(uri, CancellationToken.None);
    if (diagnostics) await this.#deps.connection.sendDiagnostics({ uri, diagnostics });
  }

  #pulls(): boolean {
    return this.#deps.editor.textDocument?.diagnostic !== undefined;
  }

  /** What an editor that is leaving does not answer is nobody's loss, and there is no one left to tell. */
  #settle(sent: Promise<void>): void {
    sent.catch((error: unknown) => {
      if (!this.#disposed) this.#deps.logger.warn('The editor could not be brought up to date', { reason: errorMessage(error) });
    });
  }
}
