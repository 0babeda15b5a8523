import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LogData, Logger } from '../../src/base/logger';
import { createEngine } from '../../src/engine/createEngine';
import type { Engine, EngineConfig, ScoreItem } from '../../src/engine/engine';

/** Where a checkout has its models and the bundled worker. */
export function installation(root: string): { readonly modelsDir: string; readonly workerPath: string } {
  return { modelsDir: path.join(root, 'models'), workerPath: path.join(root, 'dist', 'worker.cjs') };
}

/** Vitest runs in the checkout's root. */
export const checkout = process.cwd();

export const plainConfig: EngineConfig = {
  teachers: [],
  tokenizer: 'o200k_base',
  lossModel: 'embedded',
  rewardModel: 'embedded',
  jobs: 1,
};

/** A folder that is removed after the test. */
export async function temporaryFolder(onFinished: (clean: () => Promise<void>) => void): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cupel-test-'));
  onFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Keeps what was logged. */
export class RecordingLogger implements Logger {
  readonly lines: string[] = [];
  readonly #add = (level: string, message: string, data?: LogData) => void this.lines.push(`${level}: ${message} ${JSON.stringify(data ?? {})}`);
  readonly info = (message: string, data?: LogData) => this.#add('info', message, data);
  readonly warn = (message: string, data?: LogData) => this.#add('warn', message, data);
  readonly error = (message: string, data?: LogData) => this.#add('error', message, data);
}

export interface EngineOptions {
  readonly logger?: Logger;
  readonly config?: Partial<EngineConfig>;
  readonly workerPath?: string;
}

/** The real engine, with the bundled worker, on a storage folder. */
export function engineOn(storageDir: string, { logger = new RecordingLogger(), config, workerPath = installation(checkout).workerPath }: EngineOptions = {}): Engine {
  return createEngine(
    {
      storageDir,
      modelsDir: installation(checkout).modelsDir,
      workerPath,
      logger,
      now: () => new Date(0),
      apiKey: () => Promise.resolve(undefined),
      serverKey: () => undefined,
      workingDir: checkout,
    },
    { ...plainConfig, ...config },
  );
}

/** Distinct items with a few sentences each; keys are 32 hex digits. */
export function someItems(count: number, first = 0): ScoreItem[] {
  return Array.from({ length: count }, (_, index) => {
    const n = first + index;
    return {
      key: n.toString(16).padStart(32, '0'),
      prompt: `Explain in two sentences why the number ${n} is worth knowing.`,
      response: `The number ${n} comes right after ${n - 1}. It is ${n % 2 === 0 ? 'even' : 'odd'}, and its square is ${n * n}.`,
    };
  });
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
