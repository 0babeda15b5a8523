// `npm run test:host`: the suite in a real extension host. Options: --no-package leaves out the run on the installed package.
// CUPEL_TEST_HOST=desktop|server chooses the editor; by default desktop VS Code where there is a display and it can be downloaded.
import path from 'node:path';
import { ensureBrowser, ensureDependencies, ensureRuntime, root } from '../../scripts/ensure.mjs';
import { report } from '../../scripts/report.mjs';

await ensureDependencies();
const { ensureBundles, buildTestBundles } = await import('../../scripts/bundles.mjs');
await ensureBundles();
await buildTestBundles();
const { desktopEditor, serverEditor, runHostRing } = await import('../../build/test/hostRing.mjs');

const vsix = process.argv.includes('--no-package') ? undefined : await (await import('../../scripts/package.mjs')).packageExtension(path.join(root, 'build/package'));
report('host', await runHostRing(await chooseEditor(), vsix));

async function chooseEditor() {
  const wish = process.env.CUPEL_TEST_HOST ?? (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? 'either' : 'server');
  if (wish !== 'server') {
    try {
      return await desktopEditor();
    } catch (error) {
      if (wish === 'desktop' || process.platform !== 'linux') throw error;
      console.log(`Desktop VS Code cannot be downloaded (${error.message}); using the VS Code server.`);
    }
  }
  return serverEditor({ ...(await ensureRuntime()), browser: await ensureBrowser() });
}
