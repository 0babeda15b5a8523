// `npm run package`: a VSIX for this platform. The bundles hold every dependency except DuckDB and the ONNX runtime, whose native libraries differ by platform.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureDependencies, root } from './ensure.mjs';

/** What .vscodeignore chooses from. Packaging from a copy spares vsce a walk through the tests' VS Code. */
const candidates = ['package.json', 'package.nls.json', 'README.md', 'CHANGELOG.md', 'LICENSE', '.vscodeignore', 'dist', 'models', 'examples', 'media', 'docs', 'syntaxes', 'node_modules/@duckdb', 'node_modules/detect-libc', 'node_modules/onnxruntime-common', 'node_modules/onnxruntime-node/package.json', 'node_modules/onnxruntime-node/dist', path.join('node_modules/onnxruntime-node/bin/napi-v6', process.platform, process.arch)];

/** What may be in a package. Anything else is a mistake in .vscodeignore. */
const expected = [
  /^(package(\.nls)?\.json|README\.md|CHANGELOG\.md|LICENSE)$/,
  /^dist\/(client|server|cli|worker)\.cjs$/,
  /^(models\/(embedded|tiny)|examples|media|docs\/images|syntaxes)\//,
  /^node_modules\/(@duckdb\/node-(api|bindings(-[a-z0-9-]+)?)|detect-libc|onnxruntime-(common|node))\//,
];
const needed = ['package.nls.json', 'README.md', 'LICENSE', 'dist/client.cjs', 'dist/server.cjs', 'dist/worker.cjs', 'dist/cli.cjs', 'examples/sample.jsonl', 'syntaxes/cupel.injection.json', 'node_modules/onnxruntime-node/dist/index.js'];

/** Bundles and packages into `folder`; returns the file's path. */
export async function packageExtension(folder) {
  await ensureDependencies();
  const { ensureBundles } = await import('./bundles.mjs');
  const { createVSIX, listFiles } = await import('@vscode/vsce');
  await ensureBundles();
  const staged = path.join(root, 'build/package/extension');
  rmSync(staged, { recursive: true, force: true });
  for (const candidate of candidates) if (existsSync(path.join(root, candidate))) cpSync(path.join(root, candidate), path.join(staged, candidate), { recursive: true });

  leaveInstallersOut(path.join(staged, 'node_modules/onnxruntime-node/package.json'));

  const files = await listFiles({ cwd: staged });
  const unexpected = files.filter((file) => !expected.some((pattern) => pattern.test(file)));
  if (unexpected.length > 0) throw new Error(`These files would be packaged by mistake:\n  ${unexpected.join('\n  ')}`);
  const missing = needed.filter((file) => !files.includes(file));
  if (missing.length > 0) throw new Error(`Missing from the package: ${missing.join(', ')}`);

  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const target = `${process.platform}-${process.arch}`;
  const packagePath = path.join(folder, `cupel-${version}-${target}.vsix`);
  mkdirSync(folder, { recursive: true });
  await createVSIX({ cwd: staged, target, packagePath, allowMissingRepository: true, rewriteRelativeLinks: false });
  rmSync(staged, { recursive: true });
  return packagePath;
}

/** What only the ONNX runtime's install script needs is not there, and vsce must not miss it. */
function leaveInstallersOut(file) {
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  manifest.dependencies = { 'onnxruntime-common': manifest.dependencies['onnxruntime-common'] };
  writeFileSync(file, JSON.stringify(manifest, undefined, 2));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) console.log(await packageExtension(root));
