// `npm start`: a real VS Code with Cupel and the sample: desktop `code` where it is installed, else a server and your browser.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ensureDependencies, ensureRuntime, root } from './ensure.mjs';

await ensureDependencies();
const { ensureBundles, buildTestBundles } = await import('./bundles.mjs');
await ensureBundles();

const examples = path.join(root, 'examples');
const sample = path.join(examples, 'sample.jsonl');
if (hasCommand('code')) {
  const { status } = spawnSync('code', [`--extensionDevelopmentPath=${root}`, '--new-window', examples, sample], { stdio: 'inherit', shell: process.platform === 'win32' });
  process.exitCode = status ?? 1;
} else {
  await openInBrowser();
}

async function openInBrowser() {
  const runtime = await ensureRuntime();
  await buildTestBundles();
  const { startWorkbench } = await import('../build/test/workbench.mjs');
  const userDataDir = path.join(root, 'build/start');
  const workbench = await startWorkbench({ ...runtime, browser: '' }, { userDataDir });
  const address = workbench.pageFor({ folder: examples, developmentPaths: [root], openFile: sample });
  console.log(`VS Code with Cupel and the sample:\n\n  ${address}\n\nIt has no password and answers this machine alone. Ctrl+C stops it.`);
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  if (hasCommand(opener) && (process.platform === 'darwin' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY)) spawn(opener, [address], { stdio: 'ignore', detached: true }).unref();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => workbench.stop().finally(() => process.exit(0)));
  // The server is a child process with open pipes: they keep this one alive until a signal comes.
}

function hasCommand(name) {
  const endings = process.platform === 'win32' ? ['.cmd', '.exe'] : [''];
  return (process.env.PATH ?? '').split(path.delimiter).some((folder) => endings.some((ending) => existsSync(path.join(folder, name + ending))));
}
