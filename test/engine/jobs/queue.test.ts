import { describe, expect, it } from 'vitest';
import { createLimiter } from '../../../src/engine/jobs/queue';

/** A task that ends when told to. */
function heldTask() {
  let end: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (end = resolve));
  return { run: () => done, end };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a limiter', () => {
  it('runs no more tasks at once than its limit, in the order they came', async () => {
    const limiter = createLimiter(2);
    const started: number[] = [];
    const tasks = Array.from({ length: 5 }, heldTask);
    const runs = tasks.map((task, index) =>
      limiter.run(() => {
        started.push(index);
        return task.run();
      }),
    );
    await settled();
    expect(started).toEqual([0, 1]);
    tasks[1]?.end();
    await settled();
    expect(started).toEqual([0, 1, 2]);
    for (const task of tasks) task.end();
    await Promise.all(runs);
    expect(started).toEqual([0, 1, 2, 3, 4]);
  });

  it('goes on after a task that fails', async () => {
    const limiter = createLimiter(1);
    const outcomes = await Promise.allSettled([limiter.run(() => Promise.reject(new Error('broken'))), limiter.run(() => Promise.resolve('fine'))]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  it('never starts a task that was cancelled while it waited, and gives its place to the next', async () => {
    const limiter = createLimiter(1);
    const first = heldTask();
    const controller = new AbortController();
    let started = false;
    const running = limiter.run(first.run);
    const cancelled = limiter.run(() => {
      started = true;
      return Promise.resolve();
    }, controller.signal);
    const last = limiter.run(() => Promise.resolve('last'));
    controller.abort(new Error('enough'));
    await expect(cancelled).rejects.toThrow('enough');
    first.end();
    await running;
    expect(await last).toBe('last');
    expect(started).toBe(false);
  });

  it('rejects at once when the signal is aborted already', async () => {
    await expect(createLimiter(1).run(() => Promise.resolve(), AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  });
});
