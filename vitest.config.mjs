import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

export default defineConfig({
  define: { __CUPEL_VERSION__: JSON.stringify(version) },
  test: {
    include: ['test/{base,core,protocol,engine,languageService,server,cli,client,syntaxes}/**/*.test.ts'],
    globalSetup: ['test/support/buildBundles.ts'],
    // How fast a disk flushes or a busy machine starts a process is not what tests are about.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
