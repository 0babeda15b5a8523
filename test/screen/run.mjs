// `npm run test:screen`: drives the workbench in a browser. --grep=TEXT chooses tests by name;
// --images also refreshes docs/images/ from the same run.
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBrowser, ensureDependencies, ensureRuntime, root } from '../../scripts/ensure.mjs';
import { report } from '../../scripts/report.mjs';

const { values: wish } = parseArgs({ options: { grep: { type: 'string' }, images: { type: 'boolean', default: false } } });

/** Pictures of the README, by the name they have there. */
const images = { 'editor.png': 'dark-3-hover.png' };

await ensureDependencies();
const { ensureBundles, buildTestBundles } = await import('../../scripts/bundles.mjs');
await ensureBundles();
await buildTestBundles();
const { runScreenRing } = await import('../../build/test/screenRing.mjs');
if (process.platform !== 'linux') throw new Error('The screen tests need the VS Code server, which comes for Linux.');
report('screen', await runScreenRing({ ...(await ensureRuntime()), browser: await ensureBrowser() }, wish.grep));

if (wish.images) {
  const folder = path.join(root, 'docs/images');
  mkdirSync(folder, { recursive: true });
  for (const [name, picture] of Object.entries(images)) cpSync(path.join(root, 'build/screenshots', picture), path.join(folder, name));
}
