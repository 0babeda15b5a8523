import { cpSync } from 'node:fs';
import path from 'node:path';
import { sharedData } from '../support/sharedData';
import type { Screen } from './screen';
import type { OpenScreen } from './screenRing';

/** A real dataset of 24,000 records: badges and hover keep working in a file of this size. */
export function defineRealData(openScreen: OpenScreen): void {
  const source = sharedData('alpaca_union.jsonl');
  if (!source) return;
  suite('a real dataset of 10 MB', () => {
    let screen: Screen;

    suiteSetup(async () => {
      screen = await openScreen('real', { theme: 'dark', file: 'alpaca_union.jsonl', fill: (folder) => cpSync(source, path.join(folder, 'alpaca_union.jsonl')) });
    });
    suiteTeardown(async () => screen.close());
    teardown(async function () {
      if (this.currentTest?.isFailed()) await screen.picture(`failed-${this.currentTest.title.replaceAll(/\W+/g, '-').slice(0, 60)}`);
    });

    test('badges at the top, and at once in the middle of the file', async () => {
      await screen.badgeOfLine(1, /^\d[\d.k]*t/);
      await screen.goToLine(12_000);
      await screen.badgeOfLine(12_000, /^\d[\d.k]*t/);
      await screen.picture('1-middle');
    });

    test('Score Dataset shows scores, and the card says where the record stands among all', async () => {
      await screen.command('Cupel: Score Dataset');
      await screen.notice(/responses scored/, undefined, 80);
      await screen.badgeOfLine(12_000, /ifd≈/);
      const card = await screen.hoverLine(12_000);
      await card.getByText(/Record [\d,]+ of 23,995/).waitFor();
      await screen.picture('2-hover');
    });
  });
}
