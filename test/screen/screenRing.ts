import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Mocha from 'mocha';
import { launchBrowser } from '../host/harness/browser';
import { type Installed, root } from '../host/harness/environment';
import type { Counts } from '../host/hostRing';
import { defineBigFiles } from './bigFiles';
import { defineFieldRoles } from './fieldRoles';
import { defineMainJob } from './mainJob';
import { defineKeyPrompt } from './keyPrompt';
import { defineProblems } from './problems';
import { defineRealData } from './realData';
import { defineRecordView } from './recordView';
import { defineRepair } from './repair';
import { defineScorers } from './scorers';
import { Screen } from './screen';
import { defineTokenSurprise } from './tokenSurprise';

/** Drives the real workbench as a person does: mouse, keyboard, and what can be seen. Pictures go to build/screenshots/. */
export async function runScreenRing(installed: Installed, grep?: string): Promise<Counts> {
  const pictures = path.join(root, 'build/screenshots');
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  const scratch = mkdtempSync(path.join(tmpdir(), 'cupel-screen-'));
  const browser = await launchBrowser(installed.browser);
  const openScreen: OpenScreen = (name, options) => Screen.open({ name, installed, browser, pictures, folder: path.join(scratch, name), ...options });
  try {
    const mocha = new Mocha({ ui: 'tdd', timeout: 90_000, reporter: 'spec', ...(grep ? { grep } : {}) });
    mocha.suite.emit('pre-require', globalThis, '', mocha);
    for (const theme of ['light', 'dark'] as const) defineMainJob(theme, openScreen);
    defineKeyPrompt(openScreen);
    defineFieldRoles(openScreen);
    defineTokenSurprise(openScreen);
    for (const theme of ['light', 'dark'] as const) defineScorers(theme, openScreen);
    for (const theme of ['light', 'dark'] as const) defineBigFiles(theme, openScreen);
    for (const theme of ['light', 'dark'] as const) defineRecordView(theme, openScreen);
    for (const theme of ['light', 'dark'] as const) defineProblems(theme, openScreen);
    defineRepair(openScreen);
    defineRealData(openScreen);
    const stats = await new Promise<Mocha.Stats | undefined>((resolve) => {
      const runner = mocha.run(() => resolve(runner.stats));
    });
    return { passed: stats?.passes ?? 0, failed: stats?.failures ?? 1, skipped: stats?.pending ?? 0 };
  } finally {
    await browser.close();
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

export type OpenScreen = (name: string, options: ScreenOptions) => Promise<Screen>;

export interface ScreenOptions {
  readonly theme: 'light' | 'dark';
  /** Put into the folder that the workbench opens, before it does. */
  readonly fill: (folder: string) => void;
  readonly file: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Variables of the editor's processes, for the folder that it opens. */
  readonly environment?: (folder: string) => Readonly<Record<string, string>>;
}
