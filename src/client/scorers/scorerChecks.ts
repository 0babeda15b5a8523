import { EventEmitter, type Disposable, type Event } from 'vscode';
import type { ScorerCheck, ScorerKind } from '../../protocol/lsp';

/** What trying models has given since the window opened; forgotten when something they depend on changes. */
export class ScorerChecks implements Disposable {
  readonly #checks = new Map<string, ScorerCheck>();
  readonly #changed = new EventEmitter<void>();

  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  of(kind: ScorerKind, model: string): ScorerCheck | undefined {
    return this.#checks.get(`${kind} ${model}`);
  }

  add(kind: ScorerKind, model: string, check: ScorerCheck): void {
    this.#checks.set(`${kind} ${model}`, check);
    this.#changed.fire();
  }

  clear(): void {
    this.#checks.clear();
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
