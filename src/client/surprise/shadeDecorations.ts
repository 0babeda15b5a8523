import { DecorationRangeBehavior, Range, ThemeColor, window, type Disposable, type TextEditor, type TextEditorDecorationType } from 'vscode';
import type { SurprisingToken } from '../../protocol/lsp';
import type { SurpriseMode } from '../../protocol/settings';
import { byShade, shades, type Shade } from './shading';

/** Tokens on coloured ground, in the colours that `package.json` contributes and themes may change. */
export class ShadeDecorations implements Disposable {
  readonly #types: ReadonlyMap<Shade, TextEditorDecorationType> = new Map(
    shades.map((shade) => [shade, window.createTextEditorDecorationType({ backgroundColor: new ThemeColor(`cupel.surprise${shade}`), rangeBehavior: DecorationRangeBehavior.ClosedClosed })]),
  );

  /** Replaces what this editor showed before. */
  apply(editor: TextEditor, tokens: readonly SurprisingToken[], mode: SurpriseMode): void {
    for (const [shade, shaded] of byShade(tokens, mode)) {
      const type = this.#types.get(shade);
      if (type) editor.setDecorations(type, shaded.map(({ range: { start, end } }) => new Range(start.line, start.character, end.line, end.character)));
    }
  }

  clear(editor: TextEditor): void {
    for (const type of this.#types.values()) editor.setDecorations(type, []);
  }

  dispose(): void {
    for (const type of this.#types.values()) type.dispose();
  }
}
