// `npm run package`: a VSIX for this platform. The bundles hold every dependency except DuckDB, whose native library differs by platform.
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureDependencies, root } from './ensure.mjs';

/** What may be in a package, beside the manifest and the licence. Anything else is a mistake in .vscodeignore. */
const expected = /^(package(\.nls)?\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/(client|server|cli|worker)\.cjs|(models\/embedded|examples|media|docs\/images|syntaxes|node_modules\/@duckdb\/node-(api|bindings(-[a-z0-9-]+)?))\/.+)$/;

/** Bundles and packages into `folder`; returns the file's path. */
export async function packageExtension(folder) {
  await ensureDependencies();
  const { ensureBundles } = await import('./bundles.mjs');
  const { createVSIX, listFiles } = await import('@vscode/vsce');
  await ensureBundles();
  const files = await listFiles({ cwd: root });
  const unexpected = files.filter((file) => !expected.test(file));
  if (unexpected.length > 0) throw new Error(`These files would be packaged by mistake:\n  ${unexpected.join('\n  ')}`);
  for (const needed of ['dist/client.cjs', 'dist/server.cjs', 'dist/worker.cjs']) if (!files.includes(needed)) throw new Error(`${needed} is missing from the package.`);
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const target = `${process.platform}-${process.arch}`;
  const packagePath = path.join(folder, `cupel-${version}-${target}.vsix`);
  mkdirSync(folder, { recursive: true });
  await createVSIX({ cwd: root, target, packagePath, allowMissingRepository: true });
  return packagePath;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) console.log(await packageExtension(root));
