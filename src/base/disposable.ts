/** Something that owns a resource until it is told to let go. Disposing twice is harmless. */
export interface Disposable {
  dispose(): void;
}

/** Owns disposables; disposes all of them, last added first, and only then throws the first error met. */
export class DisposableStore implements Disposable {
  readonly #owned: Disposable[] = [];

  add<T extends Disposable>(disposable: T): T {
    this.#owned.push(disposable);
    return disposable;
  }

  dispose(): void {
    const errors: unknown[] = [];
    for (const disposable of this.#owned.splice(0).reverse()) {
      try {
        disposable.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
