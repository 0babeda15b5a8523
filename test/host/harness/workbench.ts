import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Installed } from './environment';
import { quietSettings } from './quietSettings';

export interface WorkbenchOptions {
  readonly userDataDir?: string;
  readonly extensionsDir?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
}

/** What the page is opened with; paths are absolute. */
export interface WorkbenchPage {
  readonly folder?: string;
  readonly developmentPaths?: readonly string[];
  readonly testsPath?: string;
  readonly openFile?: string;
}

export interface Workbench {
  readonly address: string;
  pageFor(page: WorkbenchPage): string;
  /** Everything the server has printed so far. */
  output(): string;
  stop(): Promise<void>;
}

const secondsToStart = 60;

/** Starts a VS Code server on a free port of 127.0.0.1. It has no password: stop it when the work is done. */
export async function startWorkbench(installed: Installed, options: WorkbenchOptions = {}): Promise<Workbench> {
  // A short path, because the name of a Unix socket ends at 107 bytes.
  const scratch = mkdtempSync(path.join(tmpdir(), 'cupel-'));
  const userDataDir = options.userDataDir ?? path.join(scratch, 'user');
  const extensionsDir = options.extensionsDir ?? path.join(userDataDir, 'extensions');
  mkdirSync(extensionsDir, { recursive: true });
  writeSettings(userDataDir, options.settings ?? {});
  const configuration = path.join(scratch, 'code-server.yaml');
  writeFileSync(configuration, 'auth: none\ncert: false\n');

  const server = spawn(
    installed.node,
    [
      serverEntry(installed),
      ...['--config', configuration, '--auth', 'none', '--bind-addr', '127.0.0.1:0'],
      ...['--user-data-dir', userDataDir, '--extensions-dir', extensionsDir, '--session-socket', path.join(scratch, 'session.sock')],
      ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--disable-proxy', '--disable-workspace-trust'],
      // Without the first, a built VS Code ignores the extension under development that the page's address names.
      ...['--vscode-option', 'enable-smoke-test-driver', '--vscode-option', 'disable-experiments'],
    ],
    { env: serverEnvironment(scratch, options.environment ?? {}), stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  let output = '';
  const stop = async (): Promise<void> => {
    await stopGroup(server);
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const address = await new Promise<string>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        output += chunk.toString();
        const match = /HTTP server listening on (http:\S+?)\/?\s/.exec(output);
        if (match?.[1]) resolve(match[1]);
      };
      server.stdout.on('data', read);
      server.stderr.on('data', read);
      server.once('error', reject);
      server.once('exit', (code) => reject(new Error(`The VS Code server ended (${code}):\n${output}`)));
      setTimeout(() => reject(new Error(`The VS Code server did not start in ${secondsToStart} s:\n${output}`)), secondsToStart * 1000).unref();
    });
    return { address, pageFor: (page) => pageAddress(address, page), output: () => output, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Puts a packaged extension into `extensionsDir`, as a user would. */
export function installExtension(installed: Installed, vsix: string, userDataDir: string, extensionsDir: string): void {
  execFileSync(installed.node, [serverEntry(installed), '--user-data-dir', userDataDir, '--extensions-dir', extensionsDir, '--install-extension', vsix], { env: serverEnvironment(userDataDir, {}), stdio: ['ignore', 'pipe', 'pipe'] });
}

function serverEntry(installed: Installed): string {
  return path.join(installed.server, 'out/node/entry.js');
}

/** Variables of the shell's own that would turn the server into something else. */
const foreign = ['VSCODE_IPC_HOOK_CLI', 'PORT', 'PASSWORD', 'ELECTRON_RUN_AS_NODE'];

function serverEnvironment(runtimeDir: string, extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.includes(name));
  return { ...Object.fromEntries(inherited), EXTENSIONS_GALLERY: '{"serviceUrl":""}', ...extra, XDG_RUNTIME_DIR: runtimeDir };
}

/** The quiet settings lie below what the folder already has and what this start asks for. */
function writeSettings(userDataDir: string, settings: Readonly<Record<string, unknown>>): void {
  const file = path.join(userDataDir, 'User/settings.json');
  mkdirSync(path.dirname(file), { recursive: true });
  const present: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  writeFileSync(file, JSON.stringify(Object.assign({}, quietSettings, present, settings), null, 2));
}

/** Remote paths name the page's own host as their authority. */
function pageAddress(address: string, page: WorkbenchPage): string {
  const remote = (file: string): string => `vscode-remote://${new URL(address).host}${encodeURI(file)}`;
  const payload = [
    ...(page.developmentPaths ?? []).map((folder) => ['extensionDevelopmentPath', remote(folder)]),
    ...(page.testsPath ? [['extensionTestsPath', remote(page.testsPath)]] : []),
    ...(page.openFile ? [['openFile', remote(page.openFile)]] : []),
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({ ...(page.folder ? { folder: page.folder } : { ew: 'true' }), payload: JSON.stringify(payload) });
  return `${address}/?${query.toString()}`;
}

/** Ends the server and the processes it started: politely, then after four seconds by force. */
async function stopGroup(server: ChildProcess): Promise<void> {
  const group = server.pid;
  if (group === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const signal = (name: NodeJS.Signals): void => {
    try {
      process.kill(-group, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  signal('SIGTERM');
  const force = setTimeout(() => signal('SIGKILL'), 4000);
  await ended;
  clearTimeout(force);
}
