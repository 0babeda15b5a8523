// Brings in what the commands need, once: the project's packages, a browser, a VS Code. Plain Node 20, no packages.
// Everything said here goes to standard error: standard output belongs to the command itself.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));
const runtimeSource = path.join(root, 'test/host');
const runtimeFolder = path.join(runtimeSource, 'runtime');

/** Installs the project's packages when they are absent or not those of the lock file. */
export async function ensureDependencies() {
  if (installedMatchesLock(root)) return;
  await withLock('install', () => {
    if (installedMatchesLock(root)) return;
    say('Installing packages (npm ci) …');
    quietly('npm', ['ci'], root);
  });
}

/** Path of a Chromium or Chrome; installs Debian's when root and none is there. */
export async function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !inPath('apt-get')) throw new Error('No Chromium or Chrome found. Install one, or name one in CUPEL_TEST_BROWSER.');
  return withLock('browser', () => {
    say('Installing Chromium (apt-get) …');
    const environment = { DEBIAN_FRONTEND: 'noninteractive' };
    quietly('apt-get', ['update', '-qq'], root, environment);
    quietly('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], root, environment);
    const installed = findBrowser();
    if (!installed) throw new Error('apt-get installed Chromium, but no browser was found.');
    return installed;
  });
}

/** `CUPEL_TEST_BROWSER`, else Debian's Chromium, else an installed Chrome (said, because pictures may differ). */
export function findBrowser() {
  const named = process.env.CUPEL_TEST_BROWSER;
  if (named) {
    if (!existsSync(named)) throw new Error(`CUPEL_TEST_BROWSER names ${named}, which is not there.`);
    return named;
  }
  const chromium = inPath('chromium') ?? inPath('chromium-browser');
  if (chromium) return chromium;
  const chrome = [inPath('google-chrome'), inPath('google-chrome-stable'), '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium', 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'].find(
    (candidate) => candidate && existsSync(candidate),
  );
  if (chrome) say(`Using the installed Chrome: ${chrome}`);
  return chrome;
}

/**
 * The VS Code server that stands in for the desktop one, and the Node that runs it: `{ server, node }`.
 * Nothing is compiled; a finished install is kept until test/host/package-lock.json changes.
 */
export async function ensureRuntime() {
  const architecture = { x64: 'x64', arm64: 'arm64' }[process.arch];
  if (process.platform !== 'linux' || !architecture) throw new Error('The VS Code server comes for Linux on x64 and arm64; elsewhere the tests download the desktop VS Code (CUPEL_TEST_HOST=desktop).');
  const runtime = {
    server: path.join(runtimeFolder, 'node_modules/code-server'),
    node: path.join(runtimeFolder, `node_modules/node-linux-${architecture}/bin/node`),
  };
  if (runtimeIsCurrent()) return runtime;
  await withLock('runtime', () => {
    if (!runtimeIsCurrent()) installRuntime();
  });
  return runtime;
}

function runtimeIsCurrent() {
  return existsSync(path.join(runtimeFolder, 'installed')) && sameText(path.join(runtimeSource, 'package-lock.json'), path.join(runtimeFolder, 'installed'));
}

function installRuntime() {
  say('Installing a VS Code server for the tests (npm) …');
  rmSync(runtimeFolder, { recursive: true, force: true });
  mkdirSync(runtimeFolder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) cpSync(path.join(runtimeSource, name), path.join(runtimeFolder, name));
  quietly('npm', ['ci'], runtimeFolder);
  // The editor's own packages come pinned by the shrinkwrap that code-server ships; its post-install script would compile and asks for Node 24.
  const editor = path.join(runtimeFolder, 'node_modules/code-server/lib/vscode');
  quietly('npm', ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], editor);
  linkAs(path.join(editor, 'bin/remote-cli'), 'code-linux.sh', 'code-server');
  linkAs(path.join(editor, 'bin/helpers'), 'browser-linux.sh', 'browser.sh');
  cpSync(path.join(runtimeSource, 'package-lock.json'), path.join(runtimeFolder, 'installing'));
  renameSync(path.join(runtimeFolder, 'installing'), path.join(runtimeFolder, 'installed'));
}

function linkAs(folder, target, name) {
  rmSync(path.join(folder, name), { force: true });
  symlinkSync(target, path.join(folder, name));
}

/** Compares npm's record of what it installed with the lock file; packages of other platforms are absent rightly. */
function installedMatchesLock(folder) {
  const record = path.join(folder, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(path.join(folder, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(([name, { version, optional }]) => name === '' || installed[name]?.version === version || (optional && !(name in installed)));
}

function sameText(one, other) {
  return readFileSync(one, 'utf8') === readFileSync(other, 'utf8');
}

function inPath(name) {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file));
}

/** Runs a command without a word unless it fails; then with all it said. */
function quietly(command, args, cwd, environment = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, env: { ...process.env, ...environment }, encoding: 'utf8', maxBuffer: 1 << 28, shell: process.platform === 'win32' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed (${status}):\n${stdout}${stderr}`);
}

function say(text) {
  process.stderr.write(`${text}\n`);
}
