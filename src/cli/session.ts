import { homedir } from 'node:os';
import path from 'node:path';
import type { Logger } from '../base/logger';
import type { TeacherConfig } from '../core/teachers/teacher';
import { createEngine } from '../engine/createEngine';
import type { Engine } from '../engine/engine';

export interface SessionOptions {
  readonly teachers?: readonly TeacherConfig[];
  readonly jobs?: number;
  readonly tokenizer?: string;
}

/** An engine for one command, disposed when the command ends however it ends. */
export async function withEngine<T>(options: SessionOptions, work: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = createEngine(
    {
      storageDir: storageDir(),
      modelsDir: path.join(__dirname, '..', 'models'),
      workerPath: path.join(__dirname, 'worker.cjs'),
      logger: standardErrorLogger,
      now: () => new Date(),
      apiKey: (teacher) => Promise.resolve(keyFromEnvironment(teacher)),
    },
    {
      teachers: options.teachers ?? [],
      tokenizer: options.tokenizer ?? 'o200k_base',
      lossModel: 'embedded',
      rewardModel: 'embedded',
      jobs: options.jobs ?? 1,
    },
  );
  try {
    return await work(engine);
  } finally {
    await engine.dispose();
  }
}

/** One folder per user: `CUPEL_HOME`, else the platform's place for application data. */
function storageDir(): string {
  if (process.env.CUPEL_HOME) return path.resolve(process.env.CUPEL_HOME);
  const base =
    process.platform === 'win32'
      ? (process.env.LOCALAPPDATA ?? path.join(homedir(), 'AppData', 'Local'))
      : process.platform === 'darwin'
        ? path.join(homedir(), 'Library', 'Application Support')
        : (process.env.XDG_DATA_HOME ?? path.join(homedir(), '.local', 'share'));
  return path.join(base, 'cupel');
}

/** Keys come from the environment only: the teacher's own variable, else `OPENAI_API_KEY` for OpenAI's host alone. */
function keyFromEnvironment(teacher: TeacherConfig): string | undefined {
  if (teacher.kind !== 'openai') return undefined;
  if (teacher.apiKeyEnv) return process.env[teacher.apiKeyEnv];
  return new URL(teacher.baseUrl).host === 'api.openai.com' ? process.env.OPENAI_API_KEY : undefined;
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
