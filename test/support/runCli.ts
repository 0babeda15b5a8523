import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export interface CliResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const cli = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url));

/** An empty folder of its own for a test's files. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'cupel-test-'));
}

/** Runs the bundled command line as a person would, with a store in `home`. */
export async function runCli(args: readonly string[], options: { readonly home: string; readonly cwd?: string; readonly env?: Readonly<Record<string, string>> }): Promise<CliResult> {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: options.cwd ?? options.home,
    env: { ...process.env, CUPEL_HOME: path.join(options.home, 'store'), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, out, err };
}

/** One parsed object a line. */
export function jsonLines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}
