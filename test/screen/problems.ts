import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Screen } from './screen';
import type { OpenScreen } from './screenRing';

const green = 'Leaves are green because chlorophyll absorbs the red and the blue part of sunlight and reflects the green part, which is what reaches our eyes.';
const records = [
  ['Explain why leaves are green.', green],
  ['Name a river in Africa.', 'The Nile is a river in Africa.'],
  ['Explain why leaves are green.', green],
  ['Describe why leaves are green.', green],
  ['Name a river in Africa.', 'One of them is the Congo, the deepest river of the world.'],
  ['Explain why leaves are green.', green],
  ['Draw a cat.', "I'm sorry, but as an AI language model I cannot draw."],
  ['Describe why leaves are green.', 'They hold chlorophyll, and what it does not absorb is green.'],
].map(([instruction, output]) => JSON.stringify({ instruction, input: '', output }));
const misspelt = '{"instruction": "Name a number.", "ouput": "Seven is a number."}';

/** What is wrong with a dataset, and what is much like what: where a person reads it. */
export function defineProblems(theme: 'light' | 'dark', openScreen: OpenScreen): void {
  suite(`problems of a dataset, ${theme} theme`, () => {
    let screen: Screen;

    suiteSetup(async () => {
      screen = await openScreen(`problems-${theme}`, { theme, file: 'rivers.jsonl', fill: (folder) => writeFileSync(path.join(folder, 'rivers.jsonl'), [...records, misspelt].map((line) => `${line}\n`).join('')) });
      await screen.badgeOfLine(1, /^\d+t/);
    });
    suiteTeardown(async () => screen.close());
    teardown(async function () {
      if (this.currentTest?.isFailed()) await screen.picture(`failed-${this.currentTest.title.replaceAll(/\W+/g, '-').slice(0, 60)}`);
    });

    test('Problems lists them with the lines that they are about, which open', async () => {
      await screen.command('View: Focus Problems');
      const panel = screen.page.locator('.markers-panel');
      const twin = panel.locator('.monaco-list-row', { hasText: 'The same conversation stands on line 1' }).first();
      await twin.waitFor();
      const related = panel.locator('.monaco-list-row', { hasText: 'Explain why leaves are green.' });
      await screen.until('the lines of a duplicate', async () => {
        if ((await related.count()) === 0) await twin.locator('.monaco-tl-twistie').click();
        return (await related.count()) >= 2;
      });
      await screen.picture('1-panel');
      await related.first().click();
      await screen.page.locator('.statusbar-item', { hasText: 'Ln 1,' }).waitFor();
    });

    test('Go to Next Problem shows each where it stands, with its rule', async () => {
      await screen.command('View: Toggle Panel Visibility');
      await screen.page.locator('.markers-panel').waitFor({ state: 'hidden' });
      await screen.goToLine(1);
      const peek = screen.page.locator('.marker-widget', { hasText: 'Cupel(duplicate-record)' });
      await screen.until('a duplicate', async () => {
        await screen.page.keyboard.press('Alt+F8');
        return peek.waitFor({ timeout: 2000 }).then(() => true, () => false);
      });
      await screen.picture('2-peek');
      await screen.page.keyboard.press('Escape');
      await peek.waitFor({ state: 'hidden' });
    });

    test('Find Near-Duplicates lists them with their similarity and goes to the one picked', async () => {
      await screen.goToLine(4);
      await screen.command('Cupel: Find Near-Duplicates');
      const list = screen.page.locator('.quick-input-widget:visible', { hasText: 'like the one on line 4' });
      await list.locator('.monaco-list-row', { hasText: 'nearly the same, .92' }).nth(2).waitFor();
      await list.locator('.monaco-list-row', { hasText: 'same prompt' }).waitFor();
      await screen.picture('3-near-duplicates');
      await screen.choose('line 6');
      await screen.page.locator('.statusbar-item', { hasText: 'Ln 6,' }).waitFor();
    });
  });
}
