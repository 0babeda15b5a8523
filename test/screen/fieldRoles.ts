import { equal, notEqual } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Screen } from './screen';
import type { OpenScreen } from './screenRing';

const records = [
  { id: 'r1', instruction: 'Name a small bird.', input: 'from Europe', output: 'A wren is a small bird.', reward: 1.5, ifd_ppl: 0.61 },
  { messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'What is the capital of France?' }, { role: 'assistant', content: 'Paris.' }], source: 'by hand' },
  { system: 'Answer as a poet would.', conversations: [{ from: 'human', value: 'Is it raining?' }, { from: 'function_call', value: '{"name": "rain"}' }, { from: 'observation', value: 'yes' }, { from: 'gpt', value: 'It rains.' }] },
  { prompt: 'Say "output": now.', chosen: 'Now, "output".', rejected: 'No.', score_chosen: 8.5, score_rejected: 2 },
];

/** Longer than VS Code colours, and longer than it draws. */
const longText = 'The quick brown fox jumps over the lazy dog. '.repeat(70_000);

/** The class that each kind of theme gives the workbench. */
const themes = { light: 'vs', dark: 'vs-dark', 'high contrast': 'hc-black' } as const;

/** The parts of a record can be told apart by colour in every kind of theme. */
export function defineFieldRoles(openScreen: OpenScreen): void {
  for (const [name, kind] of Object.entries(themes)) {
    suite(`the colours of roles, ${name} theme`, () => {
      let screen: Screen;

      suiteSetup(async () => {
        screen = await openScreen(`roles-${name.replaceAll(' ', '-')}`, {
          theme: name === 'light' ? 'light' : 'dark',
          file: 'roles.jsonl',
          fill: (folder) => {
            writeFileSync(path.join(folder, 'roles.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
            writeFileSync(path.join(folder, 'long.jsonl'), [records[0], { instruction: 'Tell a tale.', output: longText }, records[3]].map((record) => `${JSON.stringify(record)}\n`).join(''));
          },
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

      test('instruction, input, response and system have four of them; a field without a role keeps the colour of strings', async () => {
        const instruction = await screen.until('the colours', async () => {
          const [text, response] = [await colourOf(screen, 'Name a small bird.'), await colourOf(screen, 'A wren is a small bird.')];
          return text !== undefined && text !== response && text;
        });
        const [input, response, system, other] = await Promise.all(['from Europe', 'A wren is a small bird.', 'Be brief.', 'by hand'].map((text) => colourOf(screen, text)));
        equal(new Set([instruction, input, response, system]).size, 4, [instruction, input, response, system].join(' '));
        equal(other, response);
        equal(await colourOf(screen, 'What is the capital of France?'), instruction, 'a turn of the user');
        equal(await colourOf(screen, 'Paris.'), response, 'a turn of the assistant');
        equal(await colourOf(screen, 'Answer as a poet would.'), system);
        equal(await colourOf(screen, 'yes'), input, 'what a tool returns');
        notEqual(await colourOf(screen, 'reward'), await colourOf(screen, 'id'), 'the name of a score');
        await screen.picture('1-colours');
      });

      if (kind === 'vs-dark') {
        test('a line of three million characters has its badge, and those around it their colours', async () => {
          await screen.command('View: Toggle Primary Side Bar Visibility');
          await screen.page.locator('.explorer-viewlet .monaco-list-row', { hasText: 'long.jsonl' }).dblclick();
          await screen.tab('long.jsonl').waitFor();
          await screen.badgeOfLine(2, /^\d/);
          await screen.badgeOfLine(3, /^\d+t/);
          notEqual(await colourOf(screen, 'Name a small bird.'), await colourOf(screen, 'A wren is a small bird.'));
          await screen.goToLine(2);
          await screen.page.keyboard.press('End');
          await screen.picture('2-long-line');
          await screen.goToLine(3);
        });
      }
    });
  }
}

/** Of the drawn text that is just these words, with or without quotes. */
async function colourOf(screen: Screen, words: string): Promise<string | undefined> {
  return screen.page.locator('.monaco-editor .view-line span[class*="mtk"]').evaluateAll((spans, wanted) => {
    const plain = (text: string | null) => text?.replaceAll('\u00A0', ' ').replaceAll(/^"|"$/g, '');
    const found = spans.find((span) => plain(span.textContent) === wanted);
    return found && getComputedStyle(found).color;
  }, words);
}
