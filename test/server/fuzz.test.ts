import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Fuzzer } from './support/fuzz/fuzzer';
import { ServerProcess } from './support/serverProcess';

/** `bench/robustness.mjs` does the same fifty times as long. */
it('after 2,000 random edits, requests and cancellations the server knows what a fresh reading knows', { timeout: 240_000 }, async () => {
  const storageDir = await mkdtemp(path.join(tmpdir(), 'cupel-fuzz-'));
  onTestFinished(() => rm(storageDir, { recursive: true, force: true }));
  const server = await ServerProcess.start({ server: path.resolve('dist/server.cjs'), modelsDir: path.resolve('models'), storageDir });
  onTestFinished(() => server.kill());
  const report = await new Fuzzer(server, { seed: 4, operations: 2000, batch: 500 }).run();
  expect(report.failures).toEqual([]);
  expect(report.comparisons).toBe(12);
  await server.stop();
  expect(server.ended).toEqual({ code: 0, signal: null });
});
