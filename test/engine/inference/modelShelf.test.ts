import { describe, expect, it } from 'vitest';
import { ModelShelf } from '../../../src/engine/inference/modelShelf';

/** A shelf whose models write down what happens to them. */
function shelf() {
  const events: string[] = [];
  const models = new ModelShelf<{ readonly name: string; dispose(): Promise<void> }>();
  const load = (name: string) => () => {
    events.push(`load ${name}`);
    return Promise.resolve({ name, dispose: () => Promise.resolve(void events.push(`dispose ${name}`)) });
  };
  const use = (name: string, work: () => Promise<void> = () => Promise.resolve()) => models.use(name, load(name), work);
  return { events, models, use };
}

describe('the shelf of models', () => {
  it('loads a model once', async () => {
    const { events, use } = shelf();
    await Promise.all([use('a'), use('a')]);
    await use('a');
    expect(events).toEqual(['load a']);
  });

  it('puts the last one away when another is asked for', async () => {
    const { events, use } = shelf();
    await use('a');
    await use('b');
    await use('a');
    expect(events).toEqual(['load a', 'dispose a', 'load b', 'dispose b', 'load a']);
  });

  it('waits until nobody uses it any more', async () => {
    const { events, use } = shelf();
    let finish: () => void = () => undefined;
    const busy = use('a', () => new Promise((resolve) => (finish = resolve)));
    await use('b');
    expect(events).toEqual(['load a', 'load b']);
    finish();
    await busy;
    expect(events).toEqual(['load a', 'load b', 'dispose a']);
  });

  it('says so when the last one cannot be put away, and goes on with the next question', async () => {
    const { models, use, events } = shelf();
    await models.use('a', () => Promise.resolve({ name: 'a', dispose: () => Promise.reject(new Error('stuck')) }), () => Promise.resolve());
    await expect(use('b')).rejects.toThrow('stuck');
    await use('b');
    expect(events).toEqual(['load b']);
  });

  it('tries again to load what could not be loaded', async () => {
    const { events, models, use } = shelf();
    await expect(models.use('a', () => Promise.reject(new Error('no file')), () => Promise.resolve())).rejects.toThrow('no file');
    await use('a');
    expect(events).toEqual(['load a']);
  });
});
