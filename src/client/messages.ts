import { window, type LogOutputChannel } from 'vscode';
import { errorMessage } from '../base/errorMessage';

/** Buttons of a notification and what each does. */
export type Buttons = Readonly<Record<string, () => unknown>>;

/** Everything the person is told. Notifications are never waited for: a command ends although its message still stands. */
export class Messages {
  readonly #log: LogOutputChannel;

  constructor(log: LogOutputChannel) {
    this.#log = log;
  }

  info(text: string, buttons: Buttons = {}): void {
    void this.#show(window.showInformationMessage(text, ...Object.keys(buttons)), buttons);
  }

  warning(text: string, buttons: Buttons = {}): void {
    this.#log.warn(text);
    void this.#show(window.showWarningMessage(text, ...Object.keys(buttons)), buttons);
  }

  /** `what` could not be done: says why, and offers the log. */
  failure(what: string, error: unknown): void {
    const text = `${what}: ${errorMessage(error)}`;
    this.#log.error(text, error instanceof Error ? (error.stack ?? '') : '');
    const buttons = { 'Show Log': () => this.showLog() };
    void this.#show(window.showErrorMessage(text, ...Object.keys(buttons)), buttons);
  }

  showLog(): void {
    this.#log.show();
  }

  async #show(notification: Thenable<string | undefined>, buttons: Buttons): Promise<void> {
    try {
      const pressed = await notification;
      if (pressed !== undefined) await buttons[pressed]?.();
    } catch (error) {
      this.failure('Cupel could not do that', error);
    }
  }
}
