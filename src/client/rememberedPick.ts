import { window, type Memento, type QuickPickItem } from 'vscode';
import { lastFirst } from './lastFirst';

/** A choice with an id that stays the same between sessions. */
export interface Choice extends QuickPickItem {
  readonly id: string;
}

/** Quick picks that put the last choice first. */
export class RememberedPick {
  readonly #memento: Memento;

  constructor(memento: Memento) {
    this.#memento = memento;
  }

  /** `question` names what is chosen, so that each kind of choice has its own memory. */
  async one<T extends Choice>(question: string, title: string, choices: readonly T[]): Promise<T | undefined> {
    const picked = await window.showQuickPick(lastFirst(choices, this.last(question)), { title, matchOnDescription: true });
    if (picked) await this.remember(question, picked.id);
    return picked;
  }

  last(question: string): string | undefined {
    return this.#memento.get<string>(memoryKey(question));
  }

  async remember(question: string, id: string): Promise<void> {
    await this.#memento.update(memoryKey(question), id);
  }
}

function memoryKey(question: string): string {
  return `lastChoice.${question}`;
}
