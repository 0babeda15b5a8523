import { buildBundles, watchBundles } from './bundles.mjs';

if (process.argv.includes('--watch')) await watchBundles();
else await buildBundles();
