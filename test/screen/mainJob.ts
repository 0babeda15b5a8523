import { equal, match, ok } from 'node:assert/strict';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../host/harness/environment';
import type { Screen } from './screen';
import type { OpenScreen } from './screenRing';

/** The day's work on the sample, in the order a person does it; each test goes on from the one before. */
export function defineMainJob(theme: 'light' | 'dark', openScreen: OpenScreen): void {
  suite(`the main job, ${theme} theme`, () => {
    let screen: Screen;

    suiteSetup(async () => {
      screen = await openScreen(theme, { theme, file: 'sample.jsonl', fill: (folder) => cpSync(path.join(root, 'examples'), folder, { recursive: true }) });
    });
    suiteTeardown(async () => screen.close());
    teardown(async function () {
      if (this.currentTest?.isFailed()) await screen.picture(`failed-${this.currentTest.title.replaceAll(/\W+/g, '-').slice(0, 60)}`);
    });

    test('lengths stand at the start of each line as soon as the file is open', async () => {
      await screen.badgeOfLine(1, /^\d+t ·$/);
      await screen.picture('1-opened');
    });

    test('Score Dataset from the palette adds reward, IFD and CAR, marked as estimates', async () => {
      await screen.command('Cupel: Score Dataset');
      await screen.badgeOfLine(1, /^\d+t r≈[-−]?[\d.]+ ifd≈[\d.]+ car≈[-−]?[\d.]+/);
      await screen.notice(/responses scored/);
      await screen.picture('2-scored');
    });

    test('pointing at a record shows its card', async () => {
      const card = await screen.hoverLine(2);
      await card.getByText('Record 2 of 64').waitFor();
      await card.getByText(/A bacterium is a living cell/).waitFor();
      ok((await card.locator('img').count()) > 0, 'the card draws histograms');
      await screen.picture('3-hover');
    });

    test('Ctrl+. lists what can be done with the record', async () => {
      await screen.goToLine(3);
      const menu = await screen.actions('Score this record');
      await menu.getByText('Regenerate this record with a teacher…').waitFor();
      await menu.getByText('Drop this record').waitFor();
      await screen.picture('4-actions');
      await screen.page.keyboard.press('Escape');
      await menu.waitFor({ state: 'hidden' });
    });

    test('Refactor lists what cannot be done yet, disabled', async () => {
      await screen.page.keyboard.press('Control+Shift+R');
      await screen.page.getByText('Show Disabled').click();
      await screen.page.locator('.action-widget .monaco-list-row.option-disabled', { hasText: 'Refine this record' }).waitFor();
      await screen.page.keyboard.press('Escape');
    });

    test('regenerating with a teacher beside the file opens the review', async () => {
      await screen.goToLine(3);
      await screen.command('Cupel: Regenerate Response');
      await screen.choose('detailed');
      await screen.page.locator('.monaco-diff-editor .line-insert, .monaco-diff-editor .char-insert').first().waitFor();
      match(await screen.activeTab(), /detailed/);
      match(await screen.activeTab(), /1 of 1/);
      await screen.picture('5-review');
    });

    test('Alt+A accepts: only that response changes, and the dataset is shown', async () => {
      await screen.page.keyboard.press('Alt+A');
      await screen.notice(/1 accepted/, '6-accepted');
      match(await screen.activeTab(), /sample\.jsonl/);
      await screen.page.keyboard.press('Control+S');
      const before = readFileSync(path.join(root, 'examples/sample.jsonl'), 'utf8').split('\n');
      const after = await screen.until('the file to be saved', () => {
        const lines = readFileSync(path.join(screen.folder, 'sample.jsonl'), 'utf8').split('\n');
        return lines[2] !== before[2] && lines;
      });
      equal(after.length, before.length);
      for (const [index, line] of before.entries()) if (index !== 2) equal(after[index], line);
      match(after[2] ?? '', /^\{"id": "s03", "instruction": "Name the four bases of DNA\.", "input": "", "output": ".*", "ability": "STEM-biology"\}$/);
    });

    test('Select Subset asks step by step and writes the file', async () => {
      await screen.command('Cupel: Select Subset');
      await screen.choose('Longest responses');
      await screen.answer('How many', '20');
      await screen.saveAs('chosen.jsonl');
      await screen.notice(/20 of 64 records written/, '7-selected');
      equal(readFileSync(path.join(screen.folder, 'chosen.jsonl'), 'utf8').trimEnd().split('\n').length, 20);
      ok(existsSync(path.join(screen.folder, 'chosen.manifest.json')));
    });

    test('Export asks for a format and writes it with a manifest', async () => {
      await screen.command('Cupel: Export');
      await screen.choose('ShareGPT');
      await screen.saveAs('exported.jsonl');
      await screen.notice(/records written/);
      match(readFileSync(path.join(screen.folder, 'exported.jsonl'), 'utf8'), /^\{"conversations":/);
      ok(existsSync(path.join(screen.folder, 'exported.manifest.json')));
    });

    test('Rank Teachers shows a table to read', async () => {
      await screen.command('Cupel: Rank Teachers');
      await screen.page.locator('.quick-input-widget:visible').getByText('friendly').first().waitFor();
      await screen.page.keyboard.press('Enter');
      await screen.notice(/Teachers ranked/);
      await screen.webviewText('concise');
      await screen.picture('8-ranked');
    });

    test('Check for Trainer lists its findings in Problems', async () => {
      await screen.showFile('sample.jsonl');
      await screen.command('Cupel: Check for Trainer');
      await screen.choose('OpenAI');
      await screen.notice(/\d+ findings/);
      await screen.showFile('sample.jsonl');
      await screen.command('View: Focus Problems');
      await screen.page.locator('.markers-panel .monaco-list-row').nth(1).waitFor();
      await screen.picture('9-problems');
    });
  });
}
