import { match } from 'node:assert/strict';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { root } from '../host/harness/environment';
import type { Screen } from './screen';
import type { OpenScreen } from './screenRing';

/** A record read and edited as Markdown, beside its dataset. */
export function defineRecordView(theme: 'light' | 'dark', openScreen: OpenScreen): void {
  suite(`the record view, ${theme} theme`, () => {
    let screen: Screen;

    suiteSetup(async () => {
      screen = await openScreen(`record-${theme}`, { theme, file: 'sample.jsonl', fill: (folder) => cpSync(path.join(root, 'examples'), folder, { recursive: true }) });
      await screen.badgeOfLine(1, /^\d+t ·$/);
    });
    suiteTeardown(async () => screen.close());
    teardown(async function () {
      if (this.currentTest?.isFailed()) await screen.picture(`failed-${this.currentTest.title.replaceAll(/\W+/g, '-').slice(0, 60)}`);
    });

    test('Open Record shows it alone; what is typed into it and saved stands in the dataset', async () => {
      await screen.goToLine(3);
      await screen.command('Cupel: Open Record');
      await screen.page.locator('.tab.active', { hasText: 'record 3.md' }).waitFor();
      await text(/Name\sthe\sfour\sbases\sof\sDNA/);
      await screen.picture('1-open');
      await screen.page.keyboard.press('Control+End');
      await screen.page.keyboard.type('Typed in the record view.');
      await screen.page.keyboard.press('Control+S');
      await screen.page.locator('.tab.dirty', { hasText: 'sample.jsonl' }).waitFor();
      match(await screen.activeTab(), /record 3\.md/);
      await screen.picture('2-saved');
    });

    test('a heading that is none of the record\'s is refused with a message', async () => {
      await screen.page.keyboard.press('Control+End');
      await screen.page.keyboard.type('\n## Tool\n');
      await screen.page.keyboard.press('Control+S');
      await screen.notice(/would begin a turn that the record does not have/, '3-refused');
      match(await screen.activeTab(), /record 3\.md/);
      await screen.command('File: Revert File');
      await screen.page.locator('.tab.dirty', { hasText: 'record 3.md' }).waitFor({ state: 'detached' });
    });

    test('Open Record to the Side shows the record under the cursor and follows it', async () => {
      await screen.showFile('sample.jsonl');
      await screen.goToLine(2);
      await screen.command('Cupel: Open Record to the Side');
      await screen.tab('record 2.md').waitFor();
      await text(/^What\sis\sthe\sdifference\sbetween\sa\svirus/);
      await screen.command('Cupel: Next Record');
      await screen.tab('record 2.md').waitFor({ state: 'detached' });
      await screen.picture('4-side');
    });

    async function text(wanted: RegExp): Promise<void> {
      await screen.page.locator('.monaco-editor .view-line', { hasText: wanted }).first().waitFor();
    }
  });
}
