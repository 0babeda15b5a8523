import { CancellationTokenSource, commands, Position, Range, Selection, TextEditorRevealType, window, workspace, type Disposable, type TextDocument, type TextEditor } from 'vscode';
import { DisposableStore } from '../../base/disposable';
import { errorMessage } from '../../base/errorMessage';
import { lineNumberIn } from '../../protocol/pageUri';
import type { TokenSurprise } from '../../protocol/lsp';
import type { SurpriseMode } from '../../protocol/settings';
import { datasetLanguage } from '../languageClient';
import { isCancellation, type LanguageServer } from '../languageServer';
import { ShadeDecorations } from './shadeDecorations';
import { SurpriseItem } from './surpriseItem';
import { surpriseDetails, surpriseText } from './surpriseText';

/** The cursor has come to rest. */
const restMs = 300;
/** A document that changes faster than it can be measured is measured when it rests. */
const attempts = 3;

interface Shown {
  readonly document: TextDocument;
  readonly line: number;
  /** Of the document when it was measured, in vain or not; undefined until then. */
  readonly version?: number;
  readonly surprise?: TokenSurprise;
}

/**
 * The surprise of one record's tokens, shaded in the dataset. Once shown it follows the cursor from record to record, always
 * with one request under way at most, until it is hidden.
 */
export class SurpriseView implements Disposable {
  readonly #server: LanguageServer;
  readonly #owned = new DisposableStore();
  readonly #decorations = this.#owned.add(new ShadeDecorations());
  readonly #item = this.#owned.add(new SurpriseItem());
  #shown: Shown | undefined;
  #asking: CancellationTokenSource | undefined;
  #rest: NodeJS.Timeout | undefined;

  constructor(server: LanguageServer) {
    this.#server = server;
    for (const listener of [
      window.onDidChangeTextEditorSelection(() => this.#moved()),
      window.onDidChangeActiveTextEditor(() => this.#moved()),
      window.onDidChangeVisibleTextEditors(() => this.#draw()),
      workspace.onDidChangeTextDocument(({ document }) => document === this.#shown?.document && this.#moved()),
      workspace.onDidCloseTextDocument((document) => document === this.#shown?.document && void this.hide()),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('cupel.scorer')) void this.#quietly(() => this.#remeasure());
        else if (change.affectsConfiguration('cupel.surprise')) this.#draw();
      }),
    ]) {
      this.#owned.add(listener);
    }
  }

  /**
   * Measures and shades the record on a line, and brings its response into view.
   *
   * @returns undefined when something else was wanted meanwhile.
   * @throws when it cannot be measured; nothing is shown then.
   */
  async show(document: TextDocument, line: number): Promise<TokenSurprise | undefined> {
    const editor = window.visibleTextEditors.find((visible) => visible.document === document) ?? (await window.showTextDocument(document, { preview: false }));
    await commands.executeCommand('setContext', 'cupel.surpriseShown', true);
    try {
      const surprise = await this.#measure(document, line);
      if (surprise) reveal(editor, line, surprise);
      return surprise;
    } catch (error) {
      await this.hide();
      throw error;
    }
  }

  async hide(): Promise<void> {
    this.#stop();
    this.#clear(this.#shown?.document);
    this.#shown = undefined;
    this.#item.hide();
    await commands.executeCommand('setContext', 'cupel.surpriseShown', false);
  }

  dispose(): void {
    this.#stop();
    this.#owned.dispose();
  }

  /** Shades the record at once; the one shown before stays until this one is measured. */
  async #measure(document: TextDocument, line: number): Promise<TokenSurprise | undefined> {
    this.#stop();
    const asking = new CancellationTokenSource();
    this.#asking = asking;
    const before = this.#shown;
    this.#shown = { document, line };
    this.#item.measuring();
    try {
      const surprise = await this.#ask(document, line, asking);
      if (asking !== this.#asking) return undefined;
      if (before && before.document !== document) this.#clear(before.document);
      if (surprise === undefined) {
        this.#moved();
        return undefined;
      }
      if (surprise === null) throw new Error(`line ${lineNumberIn(document.uri.toString(), line)} holds no response whose tokens could be measured`);
      this.#shown = { document, line, version: surprise.version, surprise };
      this.#draw();
      return surprise;
    } catch (error) {
      if (asking !== this.#asking || isCancellation(error)) return undefined;
      this.#clear(before?.document);
      this.#shown = { document, line, version: document.version };
      throw error;
    } finally {
      asking.dispose();
    }
  }

  /** Undefined when the document did not hold still. */
  async #ask(document: TextDocument, line: number, { token }: CancellationTokenSource): Promise<TokenSurprise | null | undefined> {
    for (let attempt = 0; attempt < attempts && !token.isCancellationRequested; attempt++) {
      const surprise = await this.#server.request('cupel/tokenSurprise', { uri: document.uri.toString(), line }, token);
      if (surprise === null || surprise.version === document.version) return surprise;
    }
    return undefined;
  }

  #moved(): void {
    if (!this.#shown) return;
    this.#describe();
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => void this.#follow(), restMs);
  }

  async #follow(): Promise<void> {
    const editor = window.activeTextEditor;
    if (!this.#shown || editor?.document.languageId !== datasetLanguage) return;
    const { document, line, version } = this.#shown;
    const wanted = editor.selection.active.line;
    if (document === editor.document && line === wanted && version === document.version) return;
    await this.#quietly(() => this.#measure(editor.document, wanted));
  }

  async #remeasure(): Promise<void> {
    await this.#server.settingsChanged();
    if (this.#shown) await this.#measure(this.#shown.document, this.#shown.line);
  }

  /** What cannot be measured while the cursor wanders is said in the status bar alone. */
  async #quietly(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.#shown) this.#item.failed(errorMessage(error));
    }
  }

  #draw(): void {
    if (!this.#shown?.surprise) return;
    const { document, surprise } = this.#shown;
    // Editors move the shading along with an edit; places of an older text would undo that.
    if (surprise.version === document.version) for (const editor of editorsOf(document)) this.#decorations.apply(editor, surprise.tokens, surpriseMode());
    this.#describe();
  }

  #describe(): void {
    if (!this.#shown?.surprise) return;
    const { document, surprise } = this.#shown;
    const active = window.activeTextEditor;
    const cursor = active?.document === document && surprise.version === document.version ? active.selection.active : undefined;
    const shown = { surprise, mode: surpriseMode(), drawnTo: drawnTo(document) };
    this.#item.shown(surpriseText(shown, cursor), surpriseDetails(shown));
  }

  #clear(document: TextDocument | undefined): void {
    if (document) for (const editor of editorsOf(document)) this.#decorations.clear(editor);
  }

  #stop(): void {
    clearTimeout(this.#rest);
    this.#asking?.cancel();
    this.#asking = undefined;
  }
}

function editorsOf(document: TextDocument): TextEditor[] {
  return window.visibleTextEditors.filter((editor) => editor.document === document);
}

function surpriseMode(): SurpriseMode {
  return workspace.getConfiguration('cupel').get<SurpriseMode>('surprise.mode', 'given');
}

/** VS Code draws no more of a line than this; it has no name in the settings editor, but can be set. */
function drawnTo(document: TextDocument): number | undefined {
  const column = workspace.getConfiguration('editor', document).get<number>('stopRenderingLineAfter', 10_000);
  return column < 0 ? undefined : column;
}

/** The cursor goes along when the record is not the one it stands in: from there it is followed. */
function reveal(editor: TextEditor, line: number, { tokens }: TokenSurprise): void {
  const first = tokens[0]?.range.start ?? { line, character: 0 };
  const start = new Position(first.line, first.character);
  if (editor.selection.active.line !== line) editor.selection = new Selection(start, start);
  editor.revealRange(new Range(start, start), TextEditorRevealType.InCenterIfOutsideViewport);
}
