#!/usr/bin/env node
// Takes the arguments of desktop `code` that @vscode/test-electron passes, and runs them in a VS Code server with a
// browser as its screen. Ends with the suite's result: 0 passed, 1 failed, 124 out of time.
import { parseArgs } from 'node:util';
import path from 'node:path';
import { launchBrowser } from './browser';
import { readInstalled } from './environment';
import { startWorkbench } from './workbench';

/** The suite marks the lines meant for the person; the rest is the editor's own talk, shown with CUPEL_TEST_VERBOSE=1. */
const marked = /^@@ ?/;
const failedTest = /^@@ +✗/;
const secondsForSuite = Number(process.env.CUPEL_TEST_TIMEOUT ?? 300);
const verbose = process.env.CUPEL_TEST_VERBOSE === '1';

async function runSuite(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    strict: false,
    options: {
      extensionDevelopmentPath: { type: 'string', multiple: true },
      extensionTestsPath: { type: 'string' },
      'user-data-dir': { type: 'string' },
      'extensions-dir': { type: 'string' },
    },
  });
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? path.resolve(value) : undefined);
  const testsPath = text(values.extensionTestsPath);
  if (!testsPath) throw new Error('Expected --extensionTestsPath=FILE.');
  const userDataDir = text(values['user-data-dir']);
  const extensionsDir = text(values['extensions-dir']);
  const developmentPaths = [values.extensionDevelopmentPath].flat().flatMap((value) => text(value) ?? []);
  const folder = text(positionals[0]);

  const installed = readInstalled();
  const workbench = await startWorkbench(installed, { ...(userDataDir ? { userDataDir } : {}), ...(extensionsDir ? { extensionsDir } : {}) });
  const browser = await launchBrowser(installed.browser);
  const close = async (): Promise<void> => {
    await browser.close();
    await workbench.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void close().finally(() => process.exit(130)));
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const result = new Promise<number>((resolve) => {
      void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
      page.on('crash', () => resolve(70));
      setTimeout(() => resolve(124), secondsForSuite * 1000).unref();
    });
    await page.exposeFunction('codeAutomationLog', async (_type: string, words: unknown[]) => {
      const line = words.map(String).join(' ');
      if (marked.test(line)) console.log(line.replace(marked, ''));
      else if (verbose) console.log(`    [editor] ${line}`);
      // What a command told the person often names the cause of a failed test.
      if (failedTest.test(line)) for (const said of await page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts()) console.log(`        on the screen: ${said}`);
    });
    await page.goto(workbench.pageFor({ developmentPaths, testsPath, ...(folder ? { folder } : {}) }), { waitUntil: 'domcontentloaded' });
    const code = await result;
    if (code === 124) console.error(`The suite did not end in ${secondsForSuite} s.`);
    if (code !== 0 && verbose) console.error(workbench.output());
    return code;
  } finally {
    await close();
  }
}

process.exitCode = await runSuite();
