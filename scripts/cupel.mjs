// `npm run -s cupel -- ARGS`: the command line from a checkout. Installs and bundles first when needed;
// standard output carries only what the command prints.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureDependencies, root } from './ensure.mjs';

await ensureDependencies();
const { ensureBundles } = await import('./bundles.mjs');
await ensureBundles();

// npm moves to the project's root; the person's paths are meant from where they typed.
if (process.env.npm_lifecycle_event === 'cupel' && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
const cli = path.join(root, 'dist/cli.cjs');
process.argv = [process.execPath, cli, ...process.argv.slice(2)];
await import(pathToFileURL(cli).href);
