import { StatusBarAlignment, window, type Disposable, type StatusBarItem } from 'vscode';

/** The item in the status bar while surprise is shown. The cursor moves it from token to token, without a pointer and without a second hover. */
export class SurpriseItem implements Disposable {
  readonly #item: StatusBarItem;

  constructor() {
    this.#item = window.createStatusBarItem('cupel.surprise', StatusBarAlignment.Right, 91);
    this.#item.name = 'Cupel: Token Surprise';
    this.#item.command = { command: 'cupel.hideTokenSurprise', title: 'Hide Token Surprise' };
  }

  measuring(): void {
    this.#show('$(loading~spin) Surprise', ['Measuring the surprise of each response token.']);
  }

  shown(text: string, details: readonly string[]): void {
    this.#show(`Surprise: ${text}`, details);
  }

  failed(reason: string): void {
    this.#show('$(warning) Surprise', [reason]);
  }

  hide(): void {
    this.#item.hide();
  }

  dispose(): void {
    this.#item.dispose();
  }

  #show(text: string, details: readonly string[]): void {
    this.#item.text = text;
    this.#item.tooltip = [...details, 'Click or press Escape to hide.'].join('\n');
    this.#item.show();
  }
}
