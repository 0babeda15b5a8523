// What is bundled: one entry per process. DuckDB stays outside because it brings a native library.
import { build, context } from 'esbuild';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const options = {
  absWorkingDir: root,
  entryPoints: {
    client: 'src/client/extension.ts',
    server: 'src/server/main.ts',
    cli: 'src/cli/main.ts',
    worker: 'src/engine/inference/worker.ts',
  },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode', '@duckdb/node-api'],
  sourcemap: true,
  minifySyntax: true,
  logLevel: 'warning',
  // `import.meta.url` does not exist in CommonJS; entry points use __dirname there.
  define: { 'import.meta.url': 'undefined' },
  logOverride: { 'empty-import-meta': 'silent' },
};

export async function buildBundles() {
  await build(options);
}

export async function watchBundles() {
  const watcher = await context(options);
  await watcher.watch();
  return watcher;
}
