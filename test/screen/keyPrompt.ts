import { equal, match } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type ChatServer, startChatServer } from '../support/chatServer';
import type { Screen } from './screen';
import type { OpenScreen } from './screenRing';

const key = 'sk-test-4f1d9c';

/** A teacher that wants a key: asked for once, hidden, sent to that server alone, and in no file. */
export function defineKeyPrompt(openScreen: OpenScreen): void {
  suite('the key of an endpoint', () => {
    let server: ChatServer;
    let screen: Screen;

    suiteSetup(async () => {
      server = await startChatServer({ kind: 'reply', text: 'A robin is a small bird with a red breast.' }, { key });
      const teachers = [{ kind: 'openai', id: 'hosted', baseUrl: server.url, model: 'test-model' }];
      screen = await openScreen('key', {
        theme: 'dark',
        file: 'birds.jsonl',
        settings: { 'cupel.teachers': teachers },
        fill: (folder) => writeFileSync(path.join(folder, 'birds.jsonl'), '{"instruction": "Describe a robin.", "input": "", "output": "A bird."}\n{"instruction": "Describe a wren.", "input": "", "output": "A bird."}\n'),
      });
      await screen.badgeOfLine(1, /^\d+t/);
    });
    suiteTeardown(async () => {
      await screen.close();
      await server.close();
    });
    teardown(async function () {
      if (this.currentTest?.isFailed()) await screen.picture(`failed-${this.currentTest.title.replaceAll(/\W+/g, '-').slice(0, 60)}`);
    });

    test('it is asked for in a box that hides it, then the response arrives', async () => {
      await screen.goToLine(1);
      await screen.command('Cupel: Regenerate Response');
      await screen.choose('hosted');
      const box = screen.page.locator('.quick-input-widget:visible input[type=password]');
      await box.waitFor();
      await screen.picture('1-asked');
      await box.fill(key);
      await screen.page.keyboard.press('Enter');
      await screen.page.locator('.monaco-diff-editor .line-insert, .monaco-diff-editor .char-insert').first().waitFor();
      equal(server.requests.at(-1)?.headers.authorization, `Bearer ${key}`);
      await screen.page.keyboard.press('Alt+R');
      await screen.notice(/1 rejected/);
    });

    test('the next request does not ask again', async () => {
      const before = server.requests.length;
      await screen.goToLine(2);
      await screen.command('Cupel: Regenerate Response');
      await screen.choose('hosted');
      await screen.page.locator('.monaco-diff-editor .line-insert, .monaco-diff-editor .char-insert').first().waitFor();
      match(await screen.activeTab(), /hosted/);
      equal(server.requests.length, before + 1);
    });

    test('it stands in no file of the workspace or of the editor', () => {
      for (const folder of [screen.folder, screen.userDataDir]) equal(filesHolding(key, folder), '', folder);
    });
  });
}

/** Names of the files in a folder that hold the text; empty for none. */
function filesHolding(text: string, folder: string): string {
  try {
    return execFileSync('grep', ['-rlaF', '--', text, folder], { encoding: 'utf8' });
  } catch (error) {
    // grep ends with 1 when it finds nothing, with 2 when it could not look.
    if (error instanceof Error && 'status' in error && error.status === 1) return '';
    throw error;
  }
}
