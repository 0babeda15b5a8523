import { equal, ok } from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { root } from '../host/harness/environment';
import type { Screen } from './screen';
import type { OpenScreen } from './screenRing';

/** GPT-2 of a few thousand weights, with a window of 48 tokens. */
const checkpoint = path.join(root, 'test/fixtures/checkpoints/gpt2-trained');

const records = [
  { instruction: 'What is the capital of France?', input: '', output: 'Paris. "It lies on the Seine."' },
  { instruction: 'Name a small bird.', input: '', output: 'A wren is a small bird, caf\u00e9 regular.\nIt sings.' },
  { instruction: 'Is 7 prime?', input: '', output: 'Yes: only 1 and 7 divide it.' },
];

/** The class that each kind of theme gives the workbench. */
const themes = { light: 'vs', dark: 'vs-dark', 'high contrast': 'hc-black', 'high contrast light': 'hc-light' } as const;

/** Shading can be seen in every kind of theme, follows the cursor, and goes when it is hidden. */
export function defineTokenSurprise(openScreen: OpenScreen): void {
  for (const [name, kind] of Object.entries(themes)) {
    suite(`the surprise of tokens, ${name} theme`, () => {
      let screen: Screen;

      suiteSetup(async () => {
        screen = await openScreen(`surprise-${name.replaceAll(' ', '-')}`, {
          theme: name.includes('light') ? 'light' : 'dark',
          file: 'surprise.jsonl',
          settings: { 'cupel.scorer.loss': checkpoint, 'editor.wordWrap': 'on' },
          fill: (folder) => writeFileSync(path.join(folder, 'surprise.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join('')),
        });
        await screen.badgeOfLine(1, /^\d+t/);
        // VS Code takes a high-contrast theme only from a system that has high contrast.
        if (kind.startsWith('hc')) await screen.page.emulateMedia({ forcedColors: 'active' });
        await screen.page.locator(`.monaco-workbench.${kind}`).waitFor();
      });
      suiteTeardown(async () => screen.close());
      teardown(async function () {
        if (this.currentTest?.isFailed()) await screen.picture(`failed-${this.currentTest.title.replaceAll(/\W+/g, '-').slice(0, 60)}`);
      });

      test('Show Token Surprise shades the response under the cursor, stronger where it is more surprising', async () => {
        await screen.goToLine(1);
        await screen.command('Cupel: Show Token Surprise');
        await screen.page.locator('.statusbar-item', { hasText: /Surprise: [\d.]+ nats, [\d.]+ alone/ }).waitFor();
        const colours = await screen.until('shades', async () => {
          const seen = await shadesOf(screen);
          return seen.length > 3 && seen;
        });
        ok(colours.every((colour) => !/, 0\)$|transparent/.test(colour)), colours.join(' '));
        await screen.picture('1-given');
      });

      test('moving to another record shades that one, and the status bar names the token under the cursor', async () => {
        const before = await topOfShades(screen);
        await screen.goToLine(3);
        await screen.until('shades on another line', async () => (await topOfShades(screen)) > before);
        await screen.page.keyboard.press('End');
        for (let step = 0; step < 6; step++) await screen.page.keyboard.press('ArrowLeft');
        await screen.page.locator('.statusbar-item', { hasText: /Surprise: ".*" [\d.]+ nats/ }).waitFor();
        await screen.picture('2-followed');
      });

      test('the hover says which tokens the instruction helped', async () => {
        const card = await screen.hoverLine(3);
        await card.getByText(/Surprise by gpt2-trained/).waitFor();
        await screen.picture('3-hover');
        await screen.page.mouse.move(10, 700);
        await card.waitFor({ state: 'hidden' });
      });

      test('the difference has two colours', async () => {
        mkdirSync(path.join(screen.folder, '.vscode'));
        writeFileSync(path.join(screen.folder, '.vscode/settings.json'), JSON.stringify({ 'cupel.surprise.mode': 'difference' }));
        await screen.until('blue and orange', async () => {
          const parts = (await shadesOf(screen)).map((colour) => colour.match(/[\d.]+/g)?.map(Number) ?? []);
          return parts.some(([red = 0, , blue = 0]) => blue > 3 * red) && parts.some(([red = 0, , blue = 0]) => red > 2 * blue);
        });
        await screen.picture('4-difference');
      });

      test('Escape hides it', async () => {
        await screen.goToLine(3);
        await screen.page.keyboard.press('Escape');
        await screen.until('no shades', async () => (await shadesOf(screen)).length === 0);
        equal(await screen.page.locator('.statusbar-item', { hasText: 'Surprise' }).count(), 0);
      });
    });
  }
}

function shaded(screen: Screen): Locator {
  return screen.page.locator('.monaco-editor .view-overlays [class*="ced-"]');
}

/** The backgrounds of what is shaded. */
async function shadesOf(screen: Screen): Promise<string[]> {
  return shaded(screen).evaluateAll((elements) => elements.map((element) => getComputedStyle(element).backgroundColor));
}

async function topOfShades(screen: Screen): Promise<number> {
  return (await shaded(screen).first().boundingBox())?.y ?? 0;
}
