// Loads the engine's TypeScript modules without building the whole extension.
import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every export of `files` (paths under src/engine/inference, no extension) in one module. */
export async function importEngine(...files) {
  const folder = mkdtempSync(path.join(root, 'node_modules', '.recipe-'));
  try {
    const outfile = path.join(folder, 'module.mjs');
    const contents = files.map((file) => `export * from './src/engine/inference/${file}';`).join('\n');
    await build({ stdin: { contents, resolveDir: root, loader: 'ts' }, outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20', packages: 'external', logLevel: 'warning' });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
