import { cp, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Measurement, Metric } from '../../src/core/scores/catalogue';
import type { Engine, EngineConfig, ScoreItem, ScoreRun } from '../../src/engine/engine';
import { startChatServer } from '../support/chatServer';
import { checkout, engineOn, someItems, temporaryFolder } from '../support/engineFixture';
import { startSglang, startVllm } from '../support/scoringServers/lossServers';
import { startTei } from '../support/scoringServers/rewardServers';

const checkpoint = (name: string) => path.join(checkout, 'test/fixtures/checkpoints', name);

let folder = '';
beforeEach(async () => {
  folder = await temporaryFolder(onTestFinished);
});

function openEngine(config: Partial<EngineConfig>, home = folder): Engine {
  const engine = engineOn(home, { config });
  onTestFinished(() => engine.dispose());
  return engine;
}

async function scored(engine: Engine, items: readonly ScoreItem[], metrics: readonly Metric[], rest: Partial<ScoreRun> = {}) {
  const byKey = new Map<string, Measurement>();
  const onMeasured = (batch: readonly Measurement[]) => batch.forEach((one) => byKey.set(one.key, one));
  const summary = await engine.score({ items, metrics: new Set(metrics), onMeasured, ...rest });
  return { summary, byKey, all: items.map(({ key }) => byKey.get(key)) };
}

describe('scoring with a checkpoint', () => {
  it('names the model, its weights and the procedure, and keeps what other models said', async () => {
    const items = someItems(6);
    const engine = openEngine({ lossModel: checkpoint('gpt2-trained') });
    const first = await scored(engine, items, ['ifd']);
    expect(first.all.every((one) => /^gpt2-trained@[0-9a-f]{8}\/superfiltering$/.test(one?.loss?.scorer ?? ''))).toBe(true);

    engine.configure({ ...engine.config, ifdPreset: 'cherry' });
    const cherry = await scored(engine, items, ['ifd']);
    engine.configure({ ...engine.config, ifdPreset: 'superfiltering', precision: 'int8' });
    const quantised = await scored(engine, items, ['ifd']);
    engine.configure({ ...engine.config, lossModel: 'embedded' });
    const embedded = await scored(engine, items, ['ifd']);
    const ids = [first, cherry, quantised, embedded].map(({ all }) => all[0]?.loss?.scorer);
    expect(new Set(ids).size).toBe(4);
    expect([cherry, quantised, embedded].map(({ summary }) => summary.computed)).toEqual([6, 6, 6]);

    engine.configure({ ...engine.config, lossModel: checkpoint('gpt2-trained'), precision: 'fp32' });
    const again = await scored(engine, items, ['ifd']);
    expect(again.summary).toEqual({ computed: 0, reused: 6 });
    expect(again.all).toEqual(first.all);
  });

  it('is the same whether one worker measures or several', async () => {
    const items = someItems(40);
    const alone = await scored(openEngine({ lossModel: checkpoint('gpt2-trained'), jobs: 1 }), items, ['ifd']);
    const shared = await scored(openEngine({ lossModel: checkpoint('gpt2-trained'), jobs: 2 }, path.join(folder, 'other')), items, ['ifd']);
    for (const [i, one] of alone.all.entries()) expect(shared.all[i]?.loss?.cond?.sum).toBeCloseTo(one?.loss?.cond?.sum ?? NaN, 4);
  });

  it('follows a checkpoint whose weights change under its name', async () => {
    const model = path.join(folder, 'model');
    await cp(checkpoint('gpt2'), model, { recursive: true });
    const engine = openEngine({ lossModel: model });
    const before = await scored(engine, someItems(1), ['ifd']);
    await rm(model, { recursive: true });
    await cp(checkpoint('gpt2-trained'), model, { recursive: true });
    const after = await scored(engine, someItems(1), ['ifd']);
    expect(after.summary.computed).toBe(1);
    expect(after.all[0]?.loss?.scorer).not.toBe(before.all[0]?.loss?.scorer);
  });

  it('keeps what was finished when it is cancelled, and goes on from there', async () => {
    const items = someItems(200);
    const engine = openEngine({ lossModel: checkpoint('gpt2-trained'), jobs: 1 });
    const cancel = new AbortController();
    const kept = new Set<string>();
    const run = scored(engine, items, ['ifd'], {
      signal: cancel.signal,
      onMeasured: (batch) => {
        batch.forEach(({ key }) => kept.add(key));
        cancel.abort(new Error('enough'));
      },
    });
    await expect(run).rejects.toThrow('enough');
    const rest = await scored(engine, items, ['ifd']);
    expect(rest.summary.reused).toBe(kept.size);
    expect(rest.summary.computed).toBe(200 - kept.size);
    expect(kept.size).toBeLessThan(200);
  });

  it('reports the share of the work, which ends at one', async () => {
    const shares: number[] = [];
    await scored(openEngine({ lossModel: checkpoint('gpt2-trained') }), someItems(50), ['ifd'], { onProgress: (_done, _total, share) => shares.push(share) });
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeCloseTo(1, 9);
  });

  it.each([
    ['a reward model as loss model', { lossModel: checkpoint('gpt2-reward') }, 'losses need a language model'],
    ['a language model as reward model', { rewardModel: checkpoint('gpt2') }, 'rewards need a sequence-classification head'],
    ['a folder that is not there', { lossModel: './nowhere' }, 'nowhere'],
    ['a model that is not in the cache', { lossModel: 'nobody/nothing' }, '`cupel download nobody/nothing` fetches them'],
    ['a judge that is no teacher', { rewardModel: 'judge:nobody' }, 'is no chat endpoint among the teachers'],
  ])('refuses %s', async (_, config, reason) => {
    await expect(scored(openEngine(config), someItems(1), ['car'])).rejects.toThrow(reason);
  });

  it('measures lengths although the models are missing', async () => {
    const { all } = await scored(openEngine({ lossModel: './nowhere', rewardModel: 'judge:nobody' }), someItems(1), ['length']);
    expect(all[0]?.length?.words).toBeGreaterThan(0);
  });

  it('still looks up what the scorer that is there has said', async () => {
    const engine = openEngine({});
    const items = someItems(2);
    await scored(engine, items, ['car']);
    engine.configure({ ...engine.config, lossModel: './nowhere' });
    const found = await engine.lookUp(items.map(({ key }) => key));
    expect([...found.values()].map((one) => [one.loss, one.reward?.scorer.slice(0, 8)])).toEqual([[undefined, 'embedded'], [undefined, 'embedded']]);
  });

  it('rewards with a sequence-classification head', async () => {
    const items = ['Gold.', 'Gold, of course.'].map((response, i) => ({ key: String(i).repeat(32), prompt: 'Name a metal.', response }));
    const { all } = await scored(openEngine({ rewardModel: checkpoint('gpt2-reward') }), items, ['reward']);
    expect(all.map((one) => Number.isFinite(one?.reward?.value))).toEqual([true, true]);
    expect(all[0]?.reward?.scorer).toMatch(/^gpt2-reward@[0-9a-f]{8}\/plain$/);
  });

  it('leaves no folder behind', async () => {
    const before = await readdir(path.join(checkpoint('gpt2')));
    const engine = openEngine({ lossModel: checkpoint('gpt2') });
    await scored(engine, someItems(1), ['ifd']);
    await engine.dispose();
    expect(await readdir(path.join(checkpoint('gpt2')))).toEqual(before);
  });
});

describe('the surprise of tokens', () => {
  it('covers the response, and adds up to its loss', async () => {
    const item = { key: '0'.repeat(32), prompt: 'Name a metal.', response: 'Gold, of course.' };
    const engine = openEngine({ lossModel: checkpoint('gpt2-trained') });
    const { all } = await scored(engine, [item], ['ifd']);
    const { tokens, scorer } = await engine.tokenLosses(item);
    expect(scorer).toBe(all[0]?.loss?.scorer);
    expect(tokens.reduce((sum, { cond = 0 }) => sum + cond, 0)).toBeCloseTo(all[0]?.loss?.cond?.sum ?? NaN, 3);
    expect(tokens.map(({ start, end }) => item.response.slice(start, end)).join('')).toBe(item.response);
  });
});

describe('scoring with servers', () => {
  it('joins a server\'s losses with local rewards and lengths', async () => {
    const server = await startVllm();
    onTestFinished(() => server.close());
    const items = someItems(20);
    const engine = openEngine({ lossModel: `vllm:${server.url}#bigram` });
    const { all, summary } = await scored(engine, items, ['length', 'ifd', 'reward']);
    expect(summary).toEqual({ computed: 20, reused: 0 });
    expect(all.every((one) => one?.loss?.cond !== undefined && one.reward?.value !== undefined && one.length !== undefined)).toBe(true);
    expect(all[0]?.loss?.scorer).toMatch(/bigram.*superfiltering/);
    const asked = server.requests.length;
    expect((await scored(engine, items, ['ifd'])).summary).toEqual({ computed: 0, reused: 20 });
    expect(server.requests.length).toBe(asked);
  });

  it('lets many records wait on one signal without a warning', async () => {
    const warnings: string[] = [];
    const note = ({ name }: Error) => void warnings.push(name);
    process.on('warning', note);
    onTestFinished(() => void process.off('warning', note));
    const server = await startVllm();
    onTestFinished(() => server.close());
    await scored(openEngine({ lossModel: `vllm:${server.url}#bigram` }), someItems(60), ['ifd'], { signal: new AbortController().signal });
    await new Promise(setImmediate);
    expect(warnings).toEqual([]);
  });

  it('gives the same losses from two servers of one model as from one', async () => {
    const [one, two] = [await startSglang(), await startSglang()];
    onTestFinished(() => Promise.all([one.close(), two.close()]).then(() => undefined));
    const items = someItems(30);
    const alone = await scored(openEngine({ lossModel: `sglang:${one.url}#bigram` }), items, ['ifd']);
    const both = await scored(openEngine({ lossModel: `sglang:${one.url},${two.url}#bigram` }, path.join(folder, 'other')), items, ['ifd']);
    expect(both.all).toEqual(alone.all);
    expect(two.requests.some(({ path: asked }) => asked === '/generate')).toBe(true);
  });

  it('tokenises with the model on this machine where a server cannot', async () => {
    const model = checkpoint('gpt2-trained');
    const server = await startSglang({ tokenizes: false, models: [model, 'nobody/nothing'] });
    onTestFinished(() => server.close());
    // The test's model knows other words than this vocabulary's, and its probe finds that out: so the ids did arrive.
    await expect(scored(openEngine({ lossModel: `sglang:${server.url}#${model}` }), someItems(2), ['ifd'])).rejects.toThrow('words in disorder');
    await expect(scored(openEngine({ lossModel: `sglang:${server.url}#nobody/nothing` }), someItems(2), ['ifd'])).rejects.toThrow('tokenizer.json');
  });

  it('takes rewards from TEI', async () => {
    const server = await startTei();
    onTestFinished(() => server.close());
    const { all } = await scored(openEngine({ rewardModel: `tei:${server.url}` }), someItems(3), ['reward']);
    expect(all.every((one) => Number.isFinite(one?.reward?.value))).toBe(true);
  });

  it('says why a server cannot be used, and asks it no more', async () => {
    const server = await startVllm({ ignoresEcho: true });
    onTestFinished(() => server.close());
    await expect(scored(openEngine({ lossModel: `vllm:${server.url}#bigram` }), someItems(40), ['ifd'])).rejects.toThrow(/log-prob/);
  });

  it('keeps the reward when only the loss of a record failed, and tries the loss again', async () => {
    const server = await startVllm();
    onTestFinished(() => server.close());
    const items = someItems(10);
    server.become(({ path: asked }, number) => (asked === '/v1/completions' && number > 10 ? { kind: 'rewritten', rewrite: (json) => json.replace(/-\d+\.\d+/u, 'NaN') } : undefined));
    const engine = openEngine({ lossModel: `vllm:${server.url}#bigram` });
    const first = await scored(engine, items, ['car']);
    expect(first.all.every((one) => one?.reward?.value !== undefined)).toBe(true);
    expect(first.all.some((one) => one?.loss?.cond === undefined && one?.loss?.reason !== undefined)).toBe(true);
    server.become(() => undefined);
    const second = await scored(engine, items, ['car']);
    expect(second.all.every((one) => one?.loss?.cond !== undefined)).toBe(true);
  });
});

describe('a judge that may cost money', () => {
  const judge = { kind: 'openai', id: 'judge', baseUrl: 'https://judge.invalid/v1', model: 'gpt-x' } as const;

  it('is asked nothing before somebody has agreed to the estimate', async () => {
    const engine = openEngine({ rewardModel: 'judge:judge', teachers: [judge] });
    await expect(scored(engine, someItems(5), ['reward'])).rejects.toThrow(/may cost money \(5 requests, about \d+ tokens\) and was not confirmed/);
    const estimates: unknown[] = [];
    const confirmPaid = (estimate: unknown) => Promise.resolve(estimates.push(estimate) < 0);
    await expect(scored(engine, someItems(5), ['reward'], { confirmPaid })).rejects.toThrow('was not confirmed');
    expect(estimates).toMatchObject([{ requests: 5 }]);
  });

  it('on this machine costs nothing and rates from 0 to 5', async () => {
    const server = await startChatServer({ kind: 'reply', text: '4.5\nIt is accurate.' });
    onTestFinished(() => server.close());
    const engine = openEngine({ rewardModel: 'judge:local', teachers: [{ kind: 'openai', id: 'local', baseUrl: server.url, model: 'judge', needsKey: false }] });
    const { all } = await scored(engine, someItems(3), ['reward']);
    expect(all.map((one) => one?.reward?.value)).toEqual([4.5, 4.5, 4.5]);
  });
});

describe('checking a scorer', () => {
  it.each([
    ['loss', () => checkpoint('qwen2-trained'), /Qwen2ForCausalLM.*superfiltering.*plain template/],
    ['reward', () => checkpoint('gpt2-reward'), /GPT2ForSequenceClassification/],
  ] as const)('describes a %s checkpoint once it loads', async (kind, model, detail) => {
    const fact = await openEngine({}).checkScorer(kind, model());
    expect(fact.estimate).toBe(false);
    expect(fact.detail).toMatch(detail);
  });

  it('says what is wrong with a damaged one', async () => {
    const model = path.join(folder, 'damaged');
    await cp(checkpoint('gpt2'), model, { recursive: true });
    await writeFile(path.join(model, 'model.safetensors'), 'not weights');
    await expect(openEngine({}).checkScorer('loss', model)).rejects.toThrow(/model\.safetensors/);
  });
});
