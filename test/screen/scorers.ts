import { match, ok } from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../host/harness/environment';
import { type HubServer, startHubServer } from '../support/hubServer';
import type { Screen } from './screen';
import type { OpenScreen } from './screenRing';

const records = ['{"instruction": "Describe a robin.", "input": "", "output": "A small bird with a red breast that sings in winter."}', '{"instruction": "Describe a wren.", "input": "", "output": "A tiny brown bird with a very loud song."}'];
const trained = path.join(root, 'test/fixtures/checkpoints/gpt2-trained');

/** Seeing what scores what, and taking another model: one that is there, and one that has to be downloaded. */
export function defineScorers(theme: 'light' | 'dark', openScreen: OpenScreen): void {
  suite(`the scorers, ${theme} theme`, () => {
    let screen: Screen;
    let hub: HubServer;

    suiteSetup(async () => {
      const files = Object.fromEntries(['config.json', 'tokenizer.json', 'model.safetensors'].map((name) => [name, readFileSync(path.join(trained, name))]));
      hub = await startHubServer({ 'acme/base': { files } });
      screen = await openScreen(`scorers-${theme}`, {
        theme,
        file: 'birds.jsonl',
        settings: { 'cupel.teachers': [{ kind: 'openai', id: 'critic', baseUrl: 'http://127.0.0.1:9/v1', model: 'test-model', needsKey: false }] },
        environment: (folder) => ({ HF_HUB_CACHE: path.join(folder, 'hub'), HF_ENDPOINT: hub.url, HF_HUB_OFFLINE: '' }),
        fill: (folder) => {
          writeFileSync(path.join(folder, 'birds.jsonl'), `${records.join('\n')}\n`);
          const snapshot = path.join(folder, 'hub/models--acme--small/snapshots/0123456789abcdef0123456789abcdef01234567');
          mkdirSync(path.join(folder, 'hub/models--acme--small/refs'), { recursive: true });
          writeFileSync(path.join(folder, 'hub/models--acme--small/refs/main'), path.basename(snapshot));
          cpSync(trained, snapshot, { recursive: true });
        },
      });
      await screen.badgeOfLine(1, /^\d+t/);
    });
    suiteTeardown(async () => {
      await screen.close();
      await hub.close();
    });
    teardown(async function () {
      if (this.currentTest?.isFailed()) await screen.picture(`failed-${this.currentTest.title.replaceAll(/\W+/g, '-').slice(0, 60)}`);
    });

    const row = (text: string) => screen.page.locator('.part.sidebar .monaco-list-row', { hasText: text });

    test('the view lists what scores and what could, the one in use first to be seen', async () => {
      await screen.page.locator('.activitybar .action-label[aria-label^="Cupel"]').click();
      await row('embedded').first().waitFor();
      await row('acme/small').waitFor();
      await row('judge:critic').waitFor();
      match((await row('embedded').first().innerText()).replaceAll(/\s+/g, ' '), /in use · estimate · @\d/);
      await screen.picture('1-view');
    });

    test('pointing at a model says what it is', async () => {
      await row('acme/small').hover();
      await screen.page.locator('.monaco-hover:visible', { hasText: 'Not checked yet' }).waitFor();
      await screen.picture('2-tooltip');
      await screen.page.mouse.move(900, 600);
    });

    test('Check Scorer says that a judge cannot be asked', async () => {
      await row('judge:critic').hover();
      await row('judge:critic').locator('.action-label[aria-label^="Check Scorer"]').click();
      await row('cannot be asked').waitFor({ timeout: 60_000 });
      await screen.notice(/cannot score now/, '3-unreachable');
    });

    test('Choose Loss Model offers what is there and takes it once it was tried', async () => {
      await screen.command('Cupel: Choose Loss Model');
      await screen.page.locator('.quick-input-list .monaco-list-row', { hasText: 'acme/small' }).waitFor();
      await screen.picture('4-choose');
      await screen.choose('acme/small');
      await screen.notice(/Losses are measured by acme\/small@[0-9a-f]{8}\/superfiltering from now on/, '5-taken', 60);
      await screen.until('the tick', async () => (await row('acme/small').innerText()).includes('in use'));
      await screen.command('Cupel: Score Dataset');
      await screen.badgeOfLine(1, /^\d+t r≈\S+ ifd [\d.]+ car≈/);
      await screen.picture('6-measured');
      await screen.clearNotices();
    });

    test('a model of the hub is downloaded after a question that says how much, then used', async () => {
      await screen.command('Cupel: Choose Loss Model');
      await screen.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Hugging Face Hub' }).waitFor();
      await screen.page.keyboard.type('Hugging Face Hub');
      await screen.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'Hugging Face Hub' }).waitFor();
      await screen.page.keyboard.press('Enter');
      await screen.answer('A model of the Hugging Face hub', 'acme/base');
      const question = screen.page.locator('.monaco-dialog-box');
      await question.getByText(/Download acme\/base \(\d+ kB\)\?/).waitFor();
      await screen.picture('7-download');
      ok(!existsSync(path.join(screen.folder, 'hub/models--acme--base/blobs')), 'nothing is fetched before the answer');
      await question.getByRole('button', { name: 'Download', exact: true }).click();
      await screen.notice(/Losses are measured by acme\/base@/, undefined, 60);
      await screen.until('the model in the view', async () => (await row('acme/base').innerText()).includes('in use'));
      await screen.picture('8-downloaded');
    });
  });
}
