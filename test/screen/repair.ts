import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Screen } from './screen';
import type { OpenScreen } from './screenRing';

const record = JSON.stringify({ instruction: 'Name a bird.', input: '', output: 'A crow.' });

/** The light bulb beside a broken line. */
export function defineRepair(openScreen: OpenScreen): void {
  suite('repairing a broken line', () => {
    let screen: Screen;

    suiteSetup(async () => {
      const lines = [record, '{"instruction": "Name a colour.", "output": "Blue.",}', "{'instruction': 'Name a number.', 'output': None}", '{"instruction": x}'];
      screen = await openScreen('repair', { theme: 'light', file: 'broken.jsonl', fill: (folder) => writeFileSync(path.join(folder, 'broken.jsonl'), lines.map((line) => `${line}\n`).join('')) });
      await screen.badgeOfLine(1, /^\d+t ·$/);
    });
    suiteTeardown(async () => screen.close());
    teardown(async function () {
      if (this.currentTest?.isFailed()) await screen.picture(`failed-${this.currentTest.title.replaceAll(/\W+/g, '-').slice(0, 60)}`);
    });

    test('names what it does, and one choice makes the line a record', async () => {
      await screen.goToLine(2);
      await screen.actions('Repair: remove the trailing comma');
      await screen.picture('1-menu');
      await screen.page.keyboard.press('Enter');
      await screen.badgeOfLine(2, /^\d+t ·$/);
      await screen.picture('2-repaired');
    });
  });
}
