import { homedir } from 'node:os';
import path from 'node:path';
import type { TeacherConfig } from '../core/teachers/teacher';

/** One folder per user: `CUPEL_HOME`, else the platform's place for application data. */
export function userStorageDir(): string {
  if (process.env.CUPEL_HOME) return path.resolve(process.env.CUPEL_HOME);
  const base =
    process.platform === 'win32'
      ? (process.env.LOCALAPPDATA ?? path.join(homedir(), 'AppData', 'Local'))
      : process.platform === 'darwin'
        ? path.join(homedir(), 'Library', 'Application Support')
        : (process.env.XDG_DATA_HOME ?? path.join(homedir(), '.local', 'share'));
  return path.join(base, 'cupel');
}

/** The teacher's own variable, else `OPENAI_API_KEY` for OpenAI's host alone. */
export function keyFromEnvironment(teacher: TeacherConfig): string | undefined {
  if (teacher.kind !== 'openai') return undefined;
  if (teacher.apiKeyEnv) return process.env[teacher.apiKeyEnv];
  return new URL(teacher.baseUrl).host === 'api.openai.com' ? process.env.OPENAI_API_KEY : undefined;
}

/** `CUPEL_SCORER_KEY`: goes to the scoring servers that the person has named, and nowhere else. */
export function scorerKeyFromEnvironment(): string | undefined {
  const key = process.env.CUPEL_SCORER_KEY;
  return key === '' ? undefined : key;
}
