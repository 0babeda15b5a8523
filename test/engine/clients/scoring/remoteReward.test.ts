import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RewardServer } from '../../../../src/core/scores/scorerSpec';
import { createRemoteReward } from '../../../../src/engine/clients/scoring/remoteReward';
import type { RemoteScorerDeps } from '../../../../src/engine/clients/scoring/remoteScorer';
import type { ScoreItem } from '../../../../src/engine/engine';
import { tokensOf } from '../../../support/scoringServers/bigramModel';
import { remoteDeps } from '../../../support/scoringServers/remoteDeps';
import { chatIds, rewardOf, startSglangReward, startTei, startVllmReward } from '../../../support/scoringServers/rewardServers';
import type { ScoringServer, Trouble } from '../../../support/scoringServers/scoringServer';

const opened: ScoringServer[] = [];

afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});

async function serve(starting: Promise<ScoringServer>): Promise<ScoringServer> {
  const server = await starting;
  opened.push(server);
  return server;
}

const pear: ScoreItem = { key: 'pear', prompt: 'Name a fruit.\nA green one.', input: 'A green one.', response: 'A pear.' };
const long: ScoreItem = { key: 'long', prompt: 'Name a fruit.', response: 'A pear. '.repeat(200) };

interface Setup extends Partial<RemoteScorerDeps> {
  readonly model?: string;
}

function rewardAt(baseUrls: readonly string[], server: RewardServer, { model, ...changes }: Setup = {}) {
  const { deps, waits, log } = remoteDeps(changes);
  const scorer = createRemoteReward({ kind: 'server', server, baseUrls, ...(model !== undefined && { model }) }, deps);
  return { scorer, waits, log, measure: (items: readonly ScoreItem[] = [pear], signal = new AbortController().signal) => scorer.measure(items, signal) };
}

function anonymous(text: string | undefined): string | undefined {
  return text?.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST');
}

async function refusalOf(running: Promise<unknown>): Promise<string | undefined> {
  return anonymous(await running.then(() => undefined, (error: unknown) => (error as Error).message));
}

const chat = (item: ScoreItem) => chatIds([{ role: 'user', content: item.prompt }, { role: 'assistant', content: item.response }]).length;
const plain = (item: ScoreItem) => tokensOf(`${item.prompt}\n${item.response}`).length;
const pair = (item: ScoreItem) => tokensOf(item.prompt).length + tokensOf(item.response).length + 3;

describe.each([
  ['vllm', '/classify', startVllmReward, 'chat', chat, 'vLLM 0.11.0 serves skywork with a context of 4,096 tokens.'],
  ['vllm', '/pooling', () => startVllmReward({ path: '/pooling' }), 'chat', chat, 'vLLM 0.11.0 serves skywork with a context of 4,096 tokens.'],
  ['sglang', '/classify', startSglangReward, 'plain', plain, 'SGLang serves skywork with a context of 4,096 tokens.'],
  ['tei', '/predict', startTei, 'pair', pair, 'TEI 1.8.2 serves OpenAssistant/reward-model-deberta-v3-large-v2 with a context of 512 tokens.'],
] as const)('rewards from %s %s', (server, path, start, form, tokens, detail) => {
  it('are what the model gives to the exchange in its form', async () => {
    const running = await serve(start());
    const { scorer, measure } = rewardAt([running.url], server);
    expect(scorer.id).toBe(`${server}:${running.url.slice('http://'.length)}/${form}`);
    expect(await measure()).toEqual({ measured: new Map([['pear', { scorer: scorer.id, value: rewardOf(tokens(pear)) }]]), failed: [] });
    expect(running.requests.at(-1)?.path).toBe(path);
  });

  it('carry the name of the model and no address where one is named', () => {
    expect(rewardAt(['http://10.0.0.1:8000'], server, { model: 'Skywork/Reward' }).scorer.id).toBe(`Skywork/Reward@${server}/${form}`);
  });

  it('come with a probe that says what is served', async () => {
    const { url } = await serve(start());
    expect(await rewardAt([url], server).scorer.probe(new AbortController().signal)).toBe(detail);
  });

  const withValue = (value: string): Trouble => ({ kind: 'rewritten', rewrite: (json) => json.replace(/(\[|"score":)-\d+(\.\d+)?/, `$1${value}`) });

  it.each([
    ['NaN', withValue('NaN'), /^http:\/\/HOST\/\w+ answered with NaN or Infinity where a number belongs; look into the log of the server for numerical trouble\.$/],
    ['a number beyond all numbers', withValue('-1e999'), /^http:\/\/HOST gave -Infinity as a reward; look into the log of the server\.$/],
    ['null', withValue('null'), /^http:\/\/HOST gave null as a reward/],
    ['a word', withValue('"good"'), /^http:\/\/HOST gave no number as a reward/],
    ['truncated JSON', { kind: 'truncated' }, /^http:\/\/HOST\/\w+ answered with JSON that ends too early or is broken/],
    ['half a reply', { kind: 'half' }, /^The reply of http:\/\/HOST\/\w+ stopped midway/],
    ['something else', { kind: 'raw', body: '{"data": [], "embedding": 3}' }, /^http:\/\/HOST answered with something else than a reward/],
    ['no value', { kind: 'rewritten', rewrite: (json: string) => json.replace(/\[-\d+(\.\d+)?\]/, '[]').replace(/\{"score".*?\}/, '') }, /^http:\/\/HOST gave no number as a reward/],
    ['a refusal', { kind: 'status', status: 422, message: 'no' }, /^http:\/\/HOST\/\w+ answered 422: no\.$/],
  ] as const)('fail on %s with the reason', async (_, trouble, reason) => {
    const running = await serve(start());
    const { scorer, measure } = rewardAt([running.url], server);
    await scorer.probe(new AbortController().signal);
    running.become((request) => (request.path === path ? trouble : undefined));
    const { measured, failed } = await measure();
    expect(measured.size).toBe(0);
    expect(anonymous(failed[0]?.reason)).toMatch(reason);
  });

  it('wait as long as a busy server asks', async () => {
    const running = await serve(start());
    const { scorer, measure, waits } = rewardAt([running.url], server);
    await scorer.probe(new AbortController().signal);
    running.become((request, number) => (request.path === path && number === 1 ? { kind: 'status', status: 429, headers: { 'retry-after': '3' } } : undefined));
    expect((await measure()).measured.get('pear')?.value).toBeCloseTo(rewardOf(tokens(pear)));
    expect(waits).toEqual([3000]);
  });

  it('end with the reason of the signal, and close the connections within a second', async () => {
    const running = await serve(start());
    const { scorer, measure } = rewardAt([running.url], server);
    await scorer.probe(new AbortController().signal);
    running.become((request) => (request.path === path ? { kind: 'hang' } : undefined));
    const controller = new AbortController();
    const measuring = measure([pear], controller.signal);
    await vi.waitFor(() => expect(running.requests.at(-1)?.path).toBe(path));
    const began = performance.now();
    controller.abort(new Error('enough'));
    await expect(measuring).rejects.toThrow('enough');
    await vi.waitFor(() => expect(running.open()).toBe(0));
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it('send the key in the header alone', async () => {
    const running = await serve(start());
    await rewardAt([running.url], server, { serverKey: () => 'sk-right-0123456789' }).measure();
    expect(running.requests.every(({ headers }) => headers.authorization === 'Bearer sk-right-0123456789')).toBe(true);
    expect(JSON.stringify(running.requests.map(({ body }) => body))).not.toContain('sk-right');
  });

  it('are refused when every answer gets the same', async () => {
    const running = await serve(start());
    running.become((request) => (request.path === path ? { kind: 'rewritten', rewrite: (json) => json.replace(/(\[|"score":)-\d+(\.\d+)?/, '$11') } : undefined));
    expect(await refusalOf(rewardAt([running.url], server).measure())).toBe(
      'http://HOST gives 1 to a right and to a senseless answer alike; check that it serves a reward model without an activation on top.',
    );
  });

  it('of an unreachable server reject in one sentence', async () => {
    const running = await serve(start());
    await running.close();
    expect(await refusalOf(rewardAt([running.url], server).measure())).toMatch(/^http:\/\/HOST cannot be reached \(connection refused\); start (vLLM|SGLang|TEI) there or correct the address\.$/);
  });
});

it('sends vLLM the ids of the chat template with the activation off', async () => {
  const running = await serve(startVllmReward());
  await rewardAt([running.url], 'vllm').measure();
  expect(running.requests.at(-2)?.body).toEqual({
    model: 'skywork',
    messages: [
      { role: 'user', content: pear.prompt },
      { role: 'assistant', content: pear.response },
    ],
    add_generation_prompt: false,
  });
  expect(running.requests.at(-1)?.body).toMatchObject({ model: 'skywork', input: [chatIds([{ role: 'user', content: pear.prompt }, { role: 'assistant', content: pear.response }])], use_activation: false });
});

it.each([
  ['vllm', () => startVllmReward({ labels: 3 })],
  ['tei', () => startTei({ labels: 3 })],
] as const)('refuses a classifier of several labels at %s', async (server, start) => {
  const { url } = await serve(start());
  expect(await refusalOf(rewardAt([url], server).measure())).toBe('http://HOST gives 3 values for one text where a reward model gives one; serve a model with a single label there.');
});

it('refuses a vLLM that has no chat template for its model', async () => {
  const { url } = await serve(startVllmReward({ template: false }));
  expect(await refusalOf(rewardAt([url], 'vllm').measure())).toMatch(
    /^http:\/\/HOST\/tokenize answered 400: As of transformers .*; start vLLM with --chat-template and the template that the reward model was trained on\.$/,
  );
});

it('refuses a server without a path for rewards', async () => {
  const running = await serve(startVllmReward());
  running.become(({ path }) => (path === '/classify' ? { kind: 'status', status: 404, message: 'Not Found' } : undefined));
  expect(await refusalOf(rewardAt([running.url], 'vllm').measure())).toBe(
    'http://HOST gives no rewards (http://HOST/classify answered 404: Not Found); serve a reward model with one label there, or choose another.',
  );
});

it.each([
  ['vllm', () => startVllmReward({ contextLength: 300 }), 'prompt and response have 609 tokens, the reward model reads 300'],
  ['tei', startTei, 'prompt and response have 608 tokens, the reward model reads 512'],
] as const)('leaves the reward of what %s cannot read whole undefined, and says so', async (server, start, reason) => {
  const { url } = await serve(start());
  const { scorer, measure } = rewardAt([url], server);
  const { measured, failed } = await measure([long, pear]);
  expect(failed).toEqual([]);
  expect(measured.get('long')).toEqual({ scorer: scorer.id, reason });
  expect(measured.get('pear')?.value).toBeDefined();
});

it('passes over a replica that is down, and uses the other', async () => {
  const up = await serve(startTei());
  const down = await serve(startTei());
  await down.close();
  const { measure, log } = rewardAt([down.url, up.url], 'tei');
  expect((await measure()).measured.size).toBe(1);
  expect(log.filter((line) => line.includes('passed over'))).toHaveLength(1);
});
