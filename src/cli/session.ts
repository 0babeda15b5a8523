import path from 'node:path';
import type { Logger } from '../base/logger';
import type { TeacherConfig } from '../core/teachers/teacher';
import { createEngine } from '../engine/createEngine';
import type { Engine, EngineConfig } from '../engine/engine';
import { keyFromEnvironment, scorerKeyFromEnvironment, userStorageDir } from '../engine/userEnvironment';

export interface SessionOptions extends Partial<Pick<EngineConfig, 'lossModel' | 'rewardModel' | 'ifdPreset' | 'precision' | 'jobs'>> {
  readonly teachers?: readonly TeacherConfig[];
  readonly tokenizer?: string;
}

/** An engine for one command, disposed when the command ends however it ends. */
export async function withEngine<T>(options: SessionOptions, work: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = createEngine(
    {
      storageDir: userStorageDir(),
      modelsDir: path.join(__dirname, '..', 'models'),
      workerPath: path.join(__dirname, 'worker.cjs'),
      logger: standardErrorLogger,
      now: () => new Date(),
      apiKey: (teacher) => Promise.resolve(keyFromEnvironment(teacher)),
      serverKey: scorerKeyFromEnvironment,
      workingDir: process.cwd(),
    },
    {
      lossModel: 'embedded',
      rewardModel: 'embedded',
      ...options,
      teachers: options.teachers ?? [],
      tokenizer: options.tokenizer ?? 'o200k_base',
    },
  );
  try {
    return await work(engine);
  } finally {
    await engine.dispose();
  }
}

/** Standard output carries results only. Warnings and errors go to the person; the rest with `CUPEL_LOG=info`. */
const standardErrorLogger: Logger = {
  info: (message, data) => {
    if (process.env.CUPEL_LOG === 'info') process.stderr.write(`${line(message, data)}\n`);
  },
  warn: (message, data) => void process.stderr.write(`warning: ${line(message, data)}\n`),
  error: (message, data) => void process.stderr.write(`error: ${line(message, data)}\n`),
};

function line(message: string, data: Parameters<Logger['info']>[1]): string {
  return data ? `${message} ${JSON.stringify(data)}` : message;
}
