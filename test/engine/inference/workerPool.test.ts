import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ScoreTask } from '../../../src/engine/inference/scoringMessages';
import { WorkerPool } from '../../../src/engine/inference/workerPool';
import { checkout, installation, RecordingLogger, someItems, temporaryFolder } from '../../support/engineFixture';

vi.setConfig({ testTimeout: 60_000 });

let folder = '';
let logger = new RecordingLogger();
beforeEach(async () => {
  folder = await temporaryFolder(onTestFinished);
  logger = new RecordingLogger();
});

function openPool(workerPath = installation(checkout).workerPath, size = 1): WorkerPool {
  const pool = new WorkerPool({ workerPath, modelsDir: installation(checkout).modelsDir, size, logger });
  onTestFinished(() => pool.dispose());
  return pool;
}

const tasks = (count: number): ScoreTask[] => someItems(count).map((item) => ({ ...item, loss: true, reward: true }));

/** A worker that answers every batch with lengths of 1, writes down each batch it gets, and does `act` first. */
async function workerThat(act: string): Promise<{ readonly script: string; readonly batches: () => Promise<number> }> {
  const script = path.join(folder, 'worker.cjs');
  const log = path.join(folder, 'batches');
  await writeFile(
    script,
    `const { parentPort, threadId } = require('node:worker_threads');
     const { appendFileSync, readFileSync } = require('node:fs');
     parentPort.on('message', ({ id, kind, tasks }) => {
       if (kind !== 'score') return;
       appendFileSync(${JSON.stringify(log)}, '.');
       const seen = readFileSync(${JSON.stringify(log)}, 'utf8').length;
       ${act}
       const length = { words: 1, tokens: 1, chars: 1, tokenizer: 'none' };
       parentPort.postMessage({ id, kind: 'scored', batch: { measured: tasks.map(({ key }) => ({ key, length })), failed: [] } });
     });
     parentPort.postMessage({ kind: 'ready' });`,
  );
  await appendFile(log, '');
  return { script, batches: async () => (await readFile(log, 'utf8')).length };
}

const embedded = { kind: 'embedded' } as const;
const measuring = { models: { loss: embedded, reward: embedded }, tokenizer: 'o200k_base' };
const nothing = { models: {}, tokenizer: undefined };

describe('a scoring worker', () => {
  it('measures a batch in the order of its tasks', async () => {
    const { measured, failed } = await openPool().score(tasks(5), measuring);
    expect(measured.map((one) => one.key)).toEqual(someItems(5).map((item) => item.key));
    expect(measured[0]).toMatchObject({ length: { tokenizer: 'o200k_base' }, loss: { scorer: 'embedded@2' }, reward: { scorer: 'embedded@2' } });
    expect(failed).toEqual([]);
  });

  it('ends when nothing has been asked for a while, and starts again', async () => {
    const pool = new WorkerPool({ workerPath: installation(checkout).workerPath, modelsDir: installation(checkout).modelsDir, size: 2, logger, idleMs: 30 });
    onTestFinished(() => pool.dispose());
    for (const text of ['once', 'and again']) {
      await Promise.all([pool.measureLength(text, 'r50k_base'), pool.measureLength('at the same time', 'r50k_base')]);
      await vi.waitFor(() => expect(pool.running).toBe(0));
    }
    expect(logger.lines).toEqual([]);
  });

  it('answers a short question while a long batch runs', async () => {
    const pool = openPool();
    await pool.score(tasks(1), measuring);
    const order: string[] = [];
    const batch = pool.score(tasks(3_000), measuring).then(() => order.push('batch'));
    await pool.measureLength('short', 'o200k_base').then(() => order.push('length'));
    await batch;
    expect(order).toEqual(['length', 'batch']);
  });

  it('ends a batch early when it is aborted, with what it has', async () => {
    const pool = openPool();
    await pool.score(tasks(1), measuring);
    const controller = new AbortController();
    const batch = pool.score(tasks(5_000), measuring, controller.signal);
    await pool.measureLength('the batch has begun', 'o200k_base');
    controller.abort();
    expect((await batch).measured.length).toBeLessThan(5_000);
  });

  it('is let go when it does not end a cancelled batch: a large model may be in the middle of a long text', async () => {
    const { script } = await workerThat('return;');
    const controller = new AbortController();
    const batch = openPool(script).score(tasks(3), nothing, controller.signal);
    const began = performance.now();
    controller.abort();
    expect(await batch).toEqual({ measured: [], failed: [] });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('runs as many at once as the pool may have', async () => {
    const { script } = await workerThat(`require('node:fs').appendFileSync(${JSON.stringify(path.join(folder, 'threads'))}, threadId + ' ');`);
    const pool = openPool(script, 2);
    await Promise.all([pool.score(tasks(1), nothing), pool.score(tasks(1), nothing), pool.score(tasks(1), nothing)]);
    const threads = (await readFile(path.join(folder, 'threads'), 'utf8')).trim().split(' ');
    expect(new Set(threads).size).toBe(2);
  });
});

describe('a worker that stops', () => {
  it('is reported and replaced, and its batch is tried once more', async () => {
    const { script, batches } = await workerThat('if (seen === 1) throw new Error("out of luck");');
    const pool = openPool(script);
    const { measured, failed } = await pool.score(tasks(3), nothing);
    expect([measured.length, failed.length, await batches()]).toEqual([3, 0, 2]);
    expect(logger.lines).toEqual(['error: A scoring worker stopped {"reason":"The scoring worker stopped: out of luck."}']);
    expect((await pool.score(tasks(2), nothing)).measured.length).toBe(2);
  });

  it('twice on one batch: each of its tasks gets the reason, the rest go on', async () => {
    const { script, batches } = await workerThat('if (tasks.length === 3) process.exit(3);');
    const pool = openPool(script);
    const [bad, good] = await Promise.all([pool.score(tasks(3), nothing), pool.score(tasks(2), nothing)]);
    expect(bad).toEqual({ measured: [], failed: someItems(3).map(({ key }) => ({ key, reason: 'The scoring worker stopped: it ended with code 3.' })) });
    expect(good.measured.length).toBe(2);
    expect(await batches()).toBeGreaterThanOrEqual(3);
  });

  it('before it could take a request, rejects', async () => {
    const script = path.join(folder, 'worker.cjs');
    await writeFile(script, 'throw new Error("no such CPU");');
    await expect(openPool(script).score(tasks(3), nothing)).rejects.toThrow('The scoring worker stopped: no such CPU.');
  });

  it('because the pool was disposed, rejects', async () => {
    const { script } = await workerThat('return;');
    const pool = openPool(script);
    const batch = pool.score(tasks(3), nothing);
    const rejected = expect(batch).rejects.toThrow('The scoring worker was shut down.');
    await pool.dispose();
    await rejected;
    await expect(pool.score(tasks(1), nothing)).rejects.toThrow('The engine is shut down.');
  });
});

it.each([
  ['no measurement', '{ id, kind: "scored", batch: 1 }'],
  ['a number that is none', '{ id, kind: "scored", batch: { measured: [{ key: "k", reward: { scorer: "s", value: NaN } }], failed: [] } }'],
])('an answer that is not in its form rejects: %s', async (_name, reply) => {
  const { script } = await workerThat(`return parentPort.postMessage(${reply});`);
  await expect(openPool(script).score(tasks(1), nothing)).rejects.toThrow('The scoring worker gave an answer that is not in its form');
});

it('what it prints does not reach standard output', async () => {
  const written = vi.spyOn(process.stdout, 'write');
  onTestFinished(() => written.mockRestore());
  const { script } = await workerThat('console.log("chatter");');
  await openPool(script).score(tasks(1), nothing);
  expect(written.mock.calls.flat().join('')).not.toContain('chatter');
});
