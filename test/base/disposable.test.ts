import { describe, expect, it } from 'vitest';
import { DisposableStore } from '../../src/base/disposable';

describe('a store of disposables', () => {
  it('disposes all, last added first, and once', () => {
    const disposed: string[] = [];
    const store = new DisposableStore();
    for (const name of ['first', 'second']) store.add({ dispose: () => void disposed.push(name) });
    store.dispose();
    store.dispose();
    expect(disposed).toEqual(['second', 'first']);
  });

  it('throws the first failure once the others are disposed', () => {
    const disposed: string[] = [];
    const store = new DisposableStore();
    store.add({ dispose: () => void disposed.push('kept safe') });
    for (const name of ['met second', 'met first']) {
      store.add({
        dispose: () => {
          throw new Error(name);
        },
      });
    }
    expect(() => store.dispose()).toThrow('met first');
    expect(disposed).toEqual(['kept safe']);
  });
});
