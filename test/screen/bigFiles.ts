import { equal, match } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Screen } from './screen';
import type { OpenScreen } from './screenRing';

const lines = 120_000;
/** Over a remote connection VS Code asks first whether to open more than 10 MB. */
const confirmed = { 'workbench.editorLargeFileConfirmation': 1024 };

/** A file that VS Code keeps from extensions, from the offer to a record found in it. */
export function defineBigFiles(theme: 'light' | 'dark', openScreen: OpenScreen): void {
  suite(`a file of more than 50 MB, ${theme} theme`, () => {
    let screen: Screen;

    suiteSetup(async function () {
      this.timeout(180_000);
      screen = await openScreen(`big-${theme}`, { theme, file: 'big.jsonl', settings: confirmed, fill: (folder) => writeFileSync(path.join(folder, 'big.jsonl'), Array.from({ length: lines }, (_, number) => `${record(number)}\n`).join('')) });
    });
    suiteTeardown(async () => screen.close());
    teardown(async function () {
      if (this.currentTest?.isFailed()) await screen.picture(`failed-${this.currentTest.title.replaceAll(/\W+/g, '-').slice(0, 60)}`);
    });

    test('opening it brings the offer, and the offer its first page', async () => {
      const centre = screen.page.locator('.notifications-center.visible');
      const offer = centre.locator('.notification-list-item', { hasText: 'VS Code does not hand files over 50 MB to extensions' });
      await screen.until('the offer', async () => {
        if (!(await centre.isVisible())) await screen.command('Notifications: Show Notifications');
        return (await offer.count()) > 0;
      }, 60);
      await screen.picture('1-offer');
      await offer.getByRole('button', { name: 'Open in Cupel' }).click();
      await screen.tab('big 1-500').waitFor();
      await screen.clearNotices();
      await screen.badgeOfLine(1, /^\d+t/);
      await screen.page.locator('.statusbar-item', { hasText: 'Records 1–500 of 120,000' }).waitFor();
      await screen.picture('2-page');
    });

    test('the buttons of the tab turn its pages', async () => {
      await screen.page.locator('.editor-actions').getByRole('button', { name: /Next Page/ }).click();
      await screen.page.locator('.statusbar-item', { hasText: 'Records 501–1,000 of 120,000' }).waitFor();
      equal(await screen.tab('big 1-500').count(), 0);
      await screen.page.locator('.editor-actions').getByRole('button', { name: /Previous Page/ }).click();
      await screen.page.locator('.statusbar-item', { hasText: 'Records 1–500 of 120,000' }).waitFor();
    });

    test('Go to Record asks for a number and shows that record, whose card speaks in numbers of the file', async () => {
      await screen.command('Cupel: Go to Record');
      await screen.answer('1 – 120,000', '51,201');
      await screen.page.locator('.statusbar-item', { hasText: 'Records 51,001–51,500 of 120,000' }).waitFor();
      await screen.badgeOfLine(201, /^\d+t/);
      const card = await screen.hoverLine(201);
      match(await card.innerText(), /Record 51,201 of 120,000[\s\S]*on this page/);
      await screen.picture('3-card');
      await screen.page.mouse.move(10, 700);
      await card.waitFor({ state: 'hidden' });
    });

    test('Search Records lists what the whole file holds, and goes there', async () => {
      await screen.command('Cupel: Search Records');
      await screen.answer('Search big.jsonl', 'number 77');
      await screen.page.locator('.quick-input-list .monaco-list-row', { hasText: /^7,701/ }).first().waitFor();
      await screen.picture('4-hits');
      await screen.choose('7,701');
      await screen.page.locator('.statusbar-item', { hasText: 'Records 7,501–8,000 of 120,000' }).waitFor();
      await screen.page.locator('.statusbar-item', { hasText: 'Ln 201,' }).waitFor();
    });
  });
}

function record(number: number): string {
  return JSON.stringify({ instruction: `What is number ${number}?`, input: '', output: `It is the number ${number}, and this is what there is to say about it${', and then some more'.repeat(1 + (number % 40))}.` });
}
