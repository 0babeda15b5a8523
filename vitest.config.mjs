import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{base,core,engine,languageService,server,cli,client}/**/*.test.ts'],
    globalSetup: ['test/support/buildBundles.ts'],
  },
});
