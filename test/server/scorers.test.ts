import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { CancellationTokenSource, WorkDoneProgress, type ShowMessageRequestParams } from 'vscode-languageserver/node';
import { alpaca } from '../languageService/support/exampleDataset';
import { startChatServer } from '../support/chatServer';
import { checkpointFolder } from '../support/checkpoints';
import { checkout } from '../support/engineFixture';
import { revision, startHubServer } from '../support/hubServer';
import { TestEditor, type EditorOptions } from './support/testEditor';

const records = [
  alpaca('Explain why the sky is blue.', 'Air scatters short waves of light more than long ones, so blue reaches the eye from every side.'),
  alpaca('Give three tips for staying healthy.', 'Sleep enough, move every day, and eat vegetables with each meal.'),
];

let folder: string;
let modelsDir: string;

/** An installation whose `tiny` is a checkpoint of the tests, and an empty Hugging Face cache without a network. */
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cupel-scorers-'));
  modelsDir = path.join(folder, 'models');
  mkdirSync(modelsDir);
  symlinkSync(path.join(checkout, 'models/embedded'), path.join(modelsDir, 'embedded'));
  cpSync(checkpointFolder('gpt2-trained'), path.join(modelsDir, 'tiny'), { recursive: true });
  for (const [name, value] of Object.entries({ HF_HUB_CACHE: path.join(folder, 'hub'), HF_HUB_OFFLINE: '1', HF_ENDPOINT: '', HF_TOKEN: '' })) setVariable(name, value);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function setVariable(name: string, value: string): void {
  const before = process.env[name];
  process.env[name] = value;
  onTestFinished(() => {
    if (before === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = before;
  });
}

async function startEditor(settings?: unknown, options: EditorOptions = {}): Promise<TestEditor> {
  const editor = await TestEditor.start({ settings, ...options, initializationOptions: { modelsDir } });
  onTestFinished(() => editor.stop());
  return editor;
}

async function openDataset(editor: TestEditor, text = records.join('\n')): Promise<string> {
  const file = path.join(folder, 'dataset.jsonl');
  writeFileSync(file, text);
  const uri = pathToFileURL(file).href;
  await editor.open(uri, text);
  return uri;
}

/** A model as `huggingface_hub` leaves it in its cache. */
function putInCache(name: string, fixture: string): void {
  const repository = path.join(folder, 'hub', `models--${name.replace('/', '--')}`);
  cpSync(checkpointFolder(fixture), path.join(repository, 'snapshots', revision), { recursive: true });
  mkdirSync(path.join(repository, 'refs'));
  writeFileSync(path.join(repository, 'refs/main'), revision);
}

describe('what can score', { timeout: 60_000 }, () => {
  it('is listed from the installation, the Hugging Face cache and the teachers, and nobody is called', async () => {
    putInCache('acme/base', 'qwen2-trained');
    putInCache('acme/judgement', 'gpt2-reward');
    const chat = await startChatServer({ kind: 'reply', text: '4' });
    onTestFinished(() => chat.close());
    const teachers = [
      { kind: 'openai', id: 'critic', baseUrl: chat.url, model: 'test-model', needsKey: false },
      { kind: 'file', id: 'mary', path: '/mary.jsonl' },
    ];
    const { loss, reward } = await (await startEditor({ teachers })).request('cupel/scorers', {});
    expect(loss).toEqual([
      { model: 'embedded', active: true, id: expect.stringMatching(/^embedded@\d/) as string, estimate: true, agreement: expect.stringContaining('Spearman') as string },
      expect.objectContaining({ model: 'tiny', active: false, estimate: false, id: expect.stringMatching(/^tiny@[0-9a-f]{8}\/superfiltering$/) as string, detail: expect.stringContaining('GPT2LMHeadModel') as string }),
      expect.objectContaining({ model: 'acme/base', active: false, estimate: false, id: expect.stringMatching(/^acme\/base@[0-9a-f]{8}\/superfiltering$/) as string }),
    ]);
    expect(reward).toEqual([
      expect.objectContaining({ model: 'embedded', active: true, estimate: true }),
      expect.objectContaining({ model: 'acme/judgement', active: false, id: expect.stringMatching(/^acme\/judgement@[0-9a-f]{8}\/plain$/) as string }),
      { model: 'judge:critic', active: false, id: 'judge:test-model/alpagasus@1', estimate: false, detail: `judge, test-model  ${new URL(chat.url).host}` },
    ]);
    expect(chat.requests).toEqual([]);
  });

  it('names what is chosen first where it is none of the usual, and why it cannot score', async () => {
    const editor = await startEditor({ scorer: { loss: 'gpt2', reward: 'judge:nobody' } });
    const { loss, reward } = await editor.request('cupel/scorers', {});
    expect(loss[0]).toEqual({ model: 'gpt2', active: true, estimate: false, problem: expect.stringMatching(/^gpt2 is not on this machine/) as string, download: 'gpt2' });
    expect(reward[0]).toEqual({ model: 'judge:nobody', active: true, estimate: false, problem: expect.stringMatching(/"nobody" is no chat endpoint among the teachers/) as string });
    expect(loss.filter(({ active }) => active)).toHaveLength(1);
    expect(loss.map(({ model }) => model)).toEqual(['gpt2', 'embedded', 'tiny']);
  });

  it('lists a model once that is chosen by its folder and also goes by a name', async () => {
    const chosen = path.join(modelsDir, 'tiny');
    const { loss } = await (await startEditor({ scorer: { loss: chosen } })).request('cupel/scorers', {});
    expect(loss.map(({ model, active }) => [model, active])).toEqual([
      [chosen, true],
      ['embedded', false],
    ]);
  });
});

describe('checking a model', { timeout: 60_000 }, () => {
  it('loads it and says what it is', async () => {
    const editor = await startEditor();
    expect(await editor.request('cupel/checkScorer', { kind: 'loss', model: 'tiny' })).toEqual({
      ok: true,
      id: expect.stringMatching(/^tiny@[0-9a-f]{8}\/superfiltering$/) as string,
      detail: expect.stringMatching(/^GPT2LMHeadModel, .* parameters, fp32, superfiltering/) as string,
    });
    expect(await editor.request('cupel/checkScorer', { kind: 'reward', model: checkpointFolder('gpt2-reward') })).toMatchObject({ ok: true });
    // Nothing was chosen by that.
    expect((await editor.request('cupel/scorers', {})).loss[0]).toMatchObject({ model: 'embedded', active: true });
  });

  it('says why it cannot score, and what would help', async () => {
    const editor = await startEditor();
    const broken = path.join(folder, 'broken');
    cpSync(checkpointFolder('gpt2-trained'), broken, { recursive: true });
    truncateSync(path.join(broken, 'model.safetensors'), 2000);
    const check = (model: string, kind: 'loss' | 'reward' = 'loss') => editor.request('cupel/checkScorer', { kind, model });
    expect(await check(broken)).toEqual({ ok: false, reason: expect.stringContaining('model.safetensors') as string });
    expect(await check('no/such')).toEqual({ ok: false, reason: expect.stringMatching(/no\/such is not on this machine/) as string, download: 'no/such' });
    expect(await check(checkpointFolder('gpt2-reward'))).toEqual({ ok: false, reason: expect.stringContaining('losses need a language model') as string });
    expect(await check(checkpointFolder('gpt2-trained'), 'reward')).toEqual({ ok: false, reason: expect.stringContaining('sequence-classification head') as string });
    expect(await check('vllm:http://127.0.0.1:9#gpt2')).toEqual({ ok: false, reason: expect.stringContaining('127.0.0.1:9') as string });
    expect(await check('smoke:signals')).toEqual({ ok: false, reason: expect.stringContaining('is no kind of loss model') as string });
  });

  it('can be cancelled while a server keeps silent', async () => {
    let reached: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (reached = resolve));
    const silent = createServer(() => reached());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      silent.close();
      silent.closeAllConnections();
    });
    const editor = await startEditor();
    const source = new CancellationTokenSource();
    const model = `vllm:http://127.0.0.1:${(silent.address() as AddressInfo).port}#gpt2`;
    const check = editor.connection.sendRequest('cupel/checkScorer', { kind: 'loss', model }, source.token);
    await asked;
    source.cancel();
    await expect(check).rejects.toThrow('The request was cancelled.');
  });
});

describe('a download', { timeout: 60_000 }, () => {
  it('is planned, carried out with its progress, and then the model is there', async () => {
    const names = ['config.json', 'tokenizer.json', 'model.safetensors'];
    const files = Object.fromEntries(names.map((name) => [name, readFileSync(path.join(checkpointFolder('gpt2-trained'), name))]));
    const hub = await startHubServer({ 'acme/base': { files: { ...files, 'README.md': 'not needed', 'pytorch_model.bin': 'not wanted' } } });
    onTestFinished(() => hub.close());
    setVariable('HF_HUB_OFFLINE', '');
    setVariable('HF_ENDPOINT', hub.url);
    const editor = await startEditor();
    const plan = await editor.request('cupel/planModelDownload', { name: 'acme/base' });
    expect(plan).toMatchObject({ name: 'acme/base', revision, present: 0, bytes: Object.values(files).reduce((sum, { length }) => sum + length, 0) });
    expect(plan.files.map((file) => file.path).sort()).toEqual([...names].sort());
    expect(hub.served().filter((name) => name.includes('safetensors'))).toEqual([]);

    const seen: string[] = [];
    editor.connection.onProgress(WorkDoneProgress.type, 'download', (value) => void seen.push(value.kind));
    const { folder: where } = await editor.request('cupel/downloadModel', { name: 'acme/base', workDoneToken: 'download' });
    expect(where).toContain(path.join('models--acme--base', 'snapshots', revision));
    expect(seen).toContain('begin');
    expect((await editor.request('cupel/scorers', {})).loss.map(({ model }) => model)).toEqual(['embedded', 'tiny', 'acme/base']);
    expect(await editor.request('cupel/checkScorer', { kind: 'loss', model: 'acme/base' })).toMatchObject({ ok: true });
  });

  it('that cannot be planned says why', async () => {
    const editor = await startEditor();
    await expect(editor.request('cupel/planModelDownload', { name: '../../etc' })).rejects.toThrow('is not the name of a model');
    await expect(editor.request('cupel/planModelDownload', { name: 'gpt2' })).rejects.toThrow(/HF_HUB_OFFLINE|offline/i);
  });
});

describe('changing the loss model', { timeout: 60_000 }, () => {
  const estimated = /^\d+t r≈\S+ ifd≈\S+ car≈\S+$/u;
  const measured = /^\d+t r≈\S+ ifd [\d.]+ car≈\S+$/u;

  it('shows the scores of the chosen one alone, and those of an earlier one again without computing', async () => {
    const editor = await startEditor();
    const uri = await openDataset(editor);
    await editor.request('cupel/score', { uri });
    const first = await editor.badgesWhen(uri, (badges) => badges.every((badge) => estimated.test(badge)));

    await editor.changeSettings({ scorer: { loss: 'tiny' } });
    await editor.badgesWhen(uri, (badges) => badges.every((badge) => /^\d+t r≈\S+ ifd· car·$/u.test(badge)));
    expect(await editor.request('cupel/score', { uri })).toMatchObject({ scored: 2 });
    const tiny = await editor.badgesWhen(uri, (badges) => badges.every((badge) => measured.test(badge)));
    await editor.until(
      () => editor.hover(uri, 0),
      (card) => /\*\*IFD\*\*: .*tiny\\@[0-9a-f]{8}\/superfiltering \(GPT2LMHeadModel/u.test(card ?? ''),
    );

    await editor.changeSettings({});
    expect(await editor.badgesWhen(uri, (badges) => badges.every((badge) => estimated.test(badge)))).toEqual(first);
    expect(await editor.request('cupel/score', { uri })).toMatchObject({ scored: 0, reused: 2 });
    await editor.changeSettings({ scorer: { loss: 'tiny' } });
    expect(await editor.badgesWhen(uri, (badges) => badges.every((badge) => measured.test(badge)))).toEqual(tiny);
  });

  it('while records are scored leaves nothing of the earlier one on the screen', async () => {
    const editor = await startEditor();
    const uri = await openDataset(editor, Array.from({ length: 600 }, (_, n) => alpaca(`Tell me about the number ${n}.`, `The number ${n} comes after ${n - 1} and before ${n + 1}.`)).join('\n'));
    const running = editor.request('cupel/score', { uri });
    await editor.statusWhen(uri, (status) => status.running !== undefined);
    await editor.changeSettings({ scorer: { loss: 'tiny' } });
    await running;
    await editor.statusWhen(uri, (status) => status.running === undefined);
    const badges = await editor.badgesWhen(uri, (all) => all.every((badge) => /^\d+t/u.test(badge)));
    expect(badges.filter((badge) => badge.includes('ifd≈'))).toEqual([]);
  });
});

describe('a judge that may cost money', { timeout: 60_000 }, () => {
  /** The same machine under a name that does not say so. */
  async function startJudge(answer: 'Score' | undefined) {
    const chat = await startChatServer({ kind: 'reply', text: '4\nFine.' });
    onTestFinished(() => chat.close());
    const editor = await startEditor({ scorer: { reward: 'judge:critic' }, teachers: [{ kind: 'openai', id: 'critic', baseUrl: chat.url.replace('127.0.0.1', '0.0.0.0'), model: 'test-model', needsKey: false }] });
    const questions: string[] = [];
    editor.connection.onRequest('window/showMessageRequest', ({ message }: ShowMessageRequestParams) => {
      questions.push(message);
      return answer === undefined ? null : { title: answer };
    });
    return { chat, editor, questions };
  }

  const many = (count: number) => Array.from({ length: count }, (_, n) => alpaca(`Say ${n}.`, `The answer is ${n}.`)).join('\n');

  it('is asked after one question with the size of the run', async () => {
    const { chat, editor, questions } = await startJudge('Score');
    const uri = await openDataset(editor, many(3));
    expect(await editor.request('cupel/score', { uri })).toMatchObject({ scored: 3 });
    expect(questions).toEqual([expect.stringMatching(/^judge:test-model\/alpagasus@1 may charge for scoring: about 3 requests, about \d+ tokens of texts\. Score with it\?$/)]);
    expect(chat.requests.length).toBeGreaterThanOrEqual(3);
    await editor.badgesWhen(uri, (badges) => badges.every((badge) => / r 4(\.0)? /u.test(badge)));
  });

  it('is not asked after a no, which ends the whole run with a sentence', async () => {
    const { chat, editor, questions } = await startJudge(undefined);
    const uri = await openDataset(editor, many(5000));
    await expect(editor.request('cupel/score', { uri })).rejects.toThrow('Nothing more was sent to judge:test-model/alpagasus@1: the cost of scoring with it was not accepted. What was finished is kept.');
    expect(questions).toEqual([expect.stringContaining('about 5,000 requests')]);
    expect(chat.requests).toEqual([]);
    await editor.statusWhen(uri, ({ running }) => running === undefined);
  });

  it('needs no question for a single record', async () => {
    const { editor, questions } = await startJudge(undefined);
    const uri = await openDataset(editor, many(1));
    expect(await editor.request('cupel/score', { uri })).toMatchObject({ scored: 1 });
    expect(questions).toEqual([]);
  });

  it('lets a run be cancelled while the question stands', async () => {
    const { editor } = await startJudge('Score');
    const asked = new Promise<void>((resolve) => {
      editor.connection.onRequest('window/showMessageRequest', () => {
        resolve();
        return new Promise(() => undefined);
      });
    });
    const uri = await openDataset(editor, many(3));
    const source = new CancellationTokenSource();
    const run = editor.connection.sendRequest<{ cancelled: boolean }>('cupel/score', { uri }, source.token);
    await asked;
    source.cancel();
    expect(await run).toMatchObject({ cancelled: true });
  });
});
