// What is bundled: one entry per process. DuckDB and the ONNX runtime stay outside because they bring native libraries.
import { build, context } from 'esbuild';
import { mkdirSync, readFileSync, readdirSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './ensure.mjs';
import { withLock } from './lock.mjs';

const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const stamp = path.join(root, 'dist/.built');
const inputs = ['src', 'models', 'package-lock.json', 'scripts/bundles.mjs'];

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  // jsonc-parser's CommonJS build requires its parts in a way that cannot be bundled.
  mainFields: ['module', 'main'],
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
};

const options = {
  ...shared,
  entryPoints: {
    client: 'src/client/extension.ts',
    server: 'src/server/main.ts',
    cli: 'src/cli/main.ts',
    worker: 'src/engine/inference/worker.ts',
  },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  external: ['vscode', '@duckdb/node-api', 'onnxruntime-node'],
  minifySyntax: true,
  // `import.meta.url` does not exist in CommonJS; entry points use __dirname there.
  define: { 'import.meta.url': 'undefined', __CUPEL_VERSION__: JSON.stringify(version) },
  logOverride: { 'empty-import-meta': 'silent' },
};

/** The suite that runs inside the extension host, the executable that stands in for desktop VS Code, and the screen tests. */
const testOptions = [
  { ...shared, entryPoints: { hostSuite: 'test/host/suite/index.ts' }, outdir: 'build/test', outExtension: { '.js': '.cjs' }, format: 'cjs', external: ['vscode', 'mocha'] },
  {
    ...shared,
    entryPoints: { codeHost: 'test/host/harness/codeHost.ts', workbench: 'test/host/harness/workbench.ts', hostRing: 'test/host/hostRing.ts', screenRing: 'test/screen/screenRing.ts' },
    outdir: 'build/test',
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    packages: 'external',
  },
];

export async function buildBundles() {
  await withLock('bundles', () => buildInto(stamp, [options]));
}

/** Builds only when a source is newer than the bundles: what `npm run cupel` asks each time. */
export async function ensureBundles() {
  if (isFresh()) return;
  await withLock('bundles', async () => {
    if (!isFresh()) await buildInto(stamp, [options]);
  });
}

export async function buildTestBundles() {
  await withLock('test-bundles', () => buildInto(path.join(root, 'build/test/.built'), testOptions));
}

export async function watchBundles() {
  const watcher = await context(options);
  await watcher.watch();
  return watcher;
}

/** Each file appears whole under its name, so that a process starting meanwhile reads the old one or the new one. */
async function buildInto(stampFile, allOptions) {
  const started = new Date();
  for (const one of allOptions) {
    const { outputFiles } = await build({ ...one, write: false });
    for (const file of outputFiles) {
      mkdirSync(path.dirname(file.path), { recursive: true });
      const unfinished = `${file.path}.${process.pid}.tmp`;
      writeFileSync(unfinished, file.contents, { mode: file.text.startsWith('#!') ? 0o755 : 0o644 });
      renameSync(unfinished, file.path);
    }
  }
  writeFileSync(stampFile, '');
  utimesSync(stampFile, started, started);
}

function isFresh() {
  const built = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs;
  return built !== undefined && inputs.every((input) => newest(path.join(root, input)) < built);
}

/** Latest change in a file or a folder, in milliseconds; a folder's own time tells of files removed. */
function newest(file) {
  const state = statSync(file, { throwIfNoEntry: false });
  if (!state) return 0;
  if (!state.isDirectory()) return state.mtimeMs;
  return readdirSync(file).reduce((latest, name) => Math.max(latest, newest(path.join(file, name))), state.mtimeMs);
}
