import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Measurement, Metric } from '../../src/core/scores/catalogue';
import type { SelectionRule } from '../../src/core/selection/rule';
import { createEngine } from '../../src/engine/createEngine';
import type { Engine, ScoreItem, ScoreRun } from '../../src/engine/engine';
import { selectSubset } from '../../src/engine/operations/selectSubset';
import { checkout, engineOn, type EngineOptions, installation, plainConfig, RecordingLogger, someItems, temporaryFolder } from '../support/engineFixture';

vi.setConfig({ testTimeout: 60_000 });

let folder = '';
beforeEach(async () => {
  folder = await temporaryFolder(onTestFinished);
});

function openEngine(options: EngineOptions = {}): Engine {
  const engine = engineOn(folder, options);
  onTestFinished(() => engine.dispose());
  return engine;
}

async function scored(engine: Engine, items: readonly ScoreItem[], metrics: readonly Metric[], rest: Partial<ScoreRun> = {}) {
  const measured: Measurement[] = [];
  const summary = await engine.score({ items, metrics: new Set(metrics), onMeasured: (batch) => void measured.push(...batch), ...rest });
  return { summary, measured, byKey: new Map(measured.map((one) => [one.key, one])) };
}

describe('scoring', () => {
  it('hands out everything once and finds it again, in this engine and in the next', async () => {
    const items = someItems(300);
    const engine = openEngine();
    const first = await scored(engine, [...items, ...items.slice(0, 50)], ['ifd', 'reward']);
    expect(first.summary).toEqual({ computed: 300, reused: 0 });
    expect(first.measured.map((one) => one.key).sort()).toEqual(items.map((one) => one.key));
    const again = await scored(engine, items, ['ifd', 'reward']);
    expect(again.summary).toEqual({ computed: 0, reused: 300 });
    expect(again.byKey).toEqual(first.byKey);
    await engine.dispose();
    const next = await scored(openEngine(), items, ['ifd', 'reward']);
    expect(next.summary).toEqual({ computed: 0, reused: 300 });
    expect(next.byKey).toEqual(first.byKey);
  });

  it.each([
    [['length'], ['length']],
    [['ifd'], ['loss']],
    [['icIfd'], ['loss']],
    [['reward'], ['reward']],
    [['car'], ['loss', 'reward']],
    [['length', 'ifd', 'reward'], ['length', 'loss', 'reward']],
  ] as const)('metrics %j measure %j', async (metrics, parts) => {
    const { measured } = await scored(openEngine(), someItems(1), metrics);
    expect(Object.keys(measured[0] ?? {}).sort()).toEqual(['key', ...parts].sort());
  });

  it('computes only the part that is missing, and counts lengths anew under the chosen vocabulary', async () => {
    const items = someItems(10);
    const engine = openEngine();
    const loss = await scored(engine, items, ['ifd']);
    const both = await scored(engine, items, ['length', 'car']);
    expect(both.summary).toEqual({ computed: 10, reused: 0 });
    expect([...both.byKey.values()].map((one) => one.loss)).toEqual([...loss.byKey.values()].map((one) => one.loss));
    engine.configure({ ...engine.config, tokenizer: 'r50k_base' });
    const lengths = await scored(engine, items, ['length', 'car']);
    expect(lengths.summary).toEqual({ computed: 0, reused: 10 });
    expect(lengths.measured.map((one) => [one.length?.tokenizer, one.reward])).toEqual(both.measured.map((one) => ['r50k_base', one.reward]));
  });

  it('says how far it is', async () => {
    const progress: (readonly [number, number])[] = [];
    await scored(openEngine(), someItems(300), ['ifd'], { onProgress: (done, total) => void progress.push([done, total]) });
    expect(progress.at(-1)).toEqual([300, 300]);
    expect(progress.map(([done]) => done)).toEqual(progress.map(([done]) => done).sort((a, b) => a - b));
  });

  it('keeps what was finished when it is aborted', async () => {
    const items = someItems(20_000);
    const engine = openEngine();
    const controller = new AbortController();
    const finished = new Set<string>();
    const run = engine.score({
      items,
      metrics: new Set(['ifd']),
      signal: controller.signal,
      onMeasured: (batch) => {
        for (const { key } of batch) finished.add(key);
        if (finished.size >= 300) controller.abort(new DOMException('Cancelled.', 'AbortError'));
      },
    });
    await expect(run).rejects.toThrow(new DOMException('Cancelled.', 'AbortError'));
    expect(finished.size).toBeLessThan(items.length);
    const known = await engine.lookUp(items.map((item) => item.key));
    expect(new Set(known.keys())).toEqual(finished);
  });

  it('ends at once when it was aborted before', async () => {
    await expect(scored(openEngine(), someItems(1), ['ifd'], { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
  });

  it('passes on what a listener throws, after keeping the batch', async () => {
    const engine = openEngine();
    const items = someItems(3);
    const onMeasured = () => {
      throw new Error('the listener broke');
    };
    await expect(scored(engine, items, ['ifd'], { onMeasured })).rejects.toThrow('the listener broke');
    expect((await engine.lookUp(items.map((item) => item.key))).size).toBe(3);
  });

  it.each([
    [{ lossModel: 'gpt-9' }, 'gpt-9 is not on this machine'],
    [{ rewardModel: 'gpt-9' }, 'gpt-9 is not on this machine'],
    [{ tokenizer: 'gpt-9' }, 'Unknown tokenizer "gpt-9".'],
  ])('names what it does not know: %j', async (config, message) => {
    await expect(scored(openEngine({ config }), someItems(1), ['length', 'car'])).rejects.toThrow(message);
  });

  it('measures hostile text', async () => {
    const responses = ['', ' ', '\uD800', '\0', '<|endoftext|>', 'a'.repeat(200_000), '🎨'.repeat(5_000), '\n'.repeat(50_000)];
    const items = responses.map((response, index) => ({ key: index.toString(16).padStart(32, '0'), prompt: response, response }));
    const { measured, summary } = await scored(openEngine(), items, ['length', 'car']);
    expect(summary.computed).toBe(responses.length);
    expect(measured.every((one) => one.loss !== undefined && one.reward !== undefined && one.length !== undefined)).toBe(true);
  });
});

describe('the engine', () => {
  it('starts nothing and writes nothing until it is asked', async () => {
    const engine = openEngine({ workerPath: path.join(folder, 'no-such-worker.cjs') });
    engine.configure({ ...engine.config, jobs: 2 });
    await engine.dispose();
    expect(await readdir(folder)).toEqual([]);
  });

  it('looks up, reuses and selects by length without loading a model', async () => {
    const items = someItems(3);
    const engine = openEngine();
    await scored(engine, items, ['car']);
    await engine.dispose();

    const modelsDir = path.join(folder, 'nothing here');
    const bare = createEngine({ storageDir: folder, modelsDir, workerPath: installation(checkout).workerPath, logger: new RecordingLogger(), now: () => new Date(0), apiKey: () => Promise.resolve(undefined), serverKey: () => undefined, workingDir: folder }, plainConfig);
    onTestFinished(() => bare.dispose());
    expect((await bare.lookUp(items.map(({ key }) => key))).size).toBe(3);
    expect((await scored(bare, items, ['car'])).summary).toEqual({ computed: 0, reused: 3 });
    expect((await scored(bare, items, [])).measured).toEqual(items.map(({ key }) => ({ key })));
    const file = path.join(folder, 'data.jsonl');
    await writeFile(file, '{"instruction":"a","output":"short"}\n{"instruction":"b","output":"a longer answer"}\n');
    const select = (rule: SelectionRule) => selectSubset(bare, { file, rule, out: path.join(folder, 'out.jsonl'), beta: 3, offset: 'min' });
    expect(await select({ kind: 'longest', count: 1 })).toMatchObject({ written: 1 });
    expect(await select({ kind: 'random', count: 1, seed: 0 })).toMatchObject({ written: 1 });
    await expect(scored(bare, someItems(5), ['ifd'])).rejects.toThrow(/Install Cupel again/);
  });

  it('is frozen', () => {
    expect(Object.isFrozen(openEngine())).toBe(true);
  });

  it('measures one length, explains one reward, names its scorers', async () => {
    const engine = openEngine();
    expect(await engine.measureLength("It's two words")).toEqual({ words: 4, tokens: 3, chars: 14, tokenizer: 'o200k_base' });
    const item: ScoreItem = { key: '0'.repeat(32), prompt: 'Name a colour.', response: 'Red is a colour.' };
    const { measured } = await scored(engine, [item], ['reward']);
    expect((await engine.explainReward(item))?.value).toBeCloseTo(measured[0]?.reward?.value ?? NaN, 10);
    expect(await engine.scorers()).toMatchObject({ loss: { id: 'embedded@2', estimate: true }, reward: { id: 'embedded@2', estimate: true } });
  });

  it('ends what is running when it is disposed, and takes nothing more', async () => {
    const engine = openEngine();
    const items = someItems(20_000);
    const run = engine.score({ items, metrics: new Set(['ifd']), onMeasured: () => void engine.dispose() });
    await expect(run).rejects.toThrow('Cupel is shutting down.');
    await engine.dispose();
    await expect(engine.lookUp([])).rejects.toThrow('Cupel is shutting down.');
    const known = await openEngine().lookUp(items.map((item) => item.key));
    expect(known.size).toBeGreaterThanOrEqual(128);
  });

  it('shares its folder with another one that scores the same at the same time', async () => {
    const items = someItems(2_000);
    const engines = [openEngine(), openEngine()];
    const runs = await Promise.all(engines.map((engine) => scored(engine, items, ['car'])));
    expect(runs[0]?.byKey).toEqual(runs[1]?.byKey);
    await Promise.all(engines.map((engine) => engine.dispose()));
    expect((await scored(openEngine(), items, ['car'])).summary).toEqual({ computed: 0, reused: 2_000 });
  });

  it('says when its worker cannot start, and when a later one can', async () => {
    const workerPath = path.join(folder, 'worker.cjs');
    const logger = new RecordingLogger();
    const engine = openEngine({ workerPath, logger });
    await expect(scored(engine, someItems(1), ['ifd'])).rejects.toThrow(/^The scoring worker stopped: Cannot find module/);
    await writeFile(workerPath, `require(${JSON.stringify(path.join(checkout, 'dist', 'worker.cjs'))});`);
    expect((await scored(engine, someItems(1), ['ifd'])).summary.computed).toBe(1);
    expect(logger.lines.some((line) => line.startsWith('error: A scoring worker stopped'))).toBe(true);
  });
});

describe('several processes', () => {
  let program = '';
  let programFolder = '';
  beforeAll(async () => {
    // Inside the checkout, so that the native database is found.
    programFolder = await mkdtemp(path.join(checkout, 'dist', 'test-'));
    program = path.join(programFolder, 'scoreItems.cjs');
    await build({
      entryPoints: [path.join(checkout, 'test/support/scoreItems.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: ['@duckdb/node-api', 'onnxruntime-node'],
      define: { 'import.meta.url': 'undefined', __CUPEL_VERSION__: '"0.0.0"' },
      logOverride: { 'empty-import-meta': 'silent' },
    });
  });
  afterAll(() => rm(programFolder, { recursive: true, force: true }));

  function start(first: number, count: number): ChildProcess & { readonly lines: AsyncIterable<string> } {
    const child = spawn(process.execPath, [program, folder, String(first), String(count), checkout], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    return Object.assign(child, { lines: createInterface({ input: child.stdout }) });
  }

  const ended = (child: ChildProcess) => new Promise<string>((resolve) => child.once('close', (code, signal) => resolve(signal ?? String(code))));

  it('a run that is killed goes on where it was: nothing that was finished is computed again', async () => {
    const items = someItems(30_000);
    const finished = new Set<string>();
    const child = start(0, items.length);
    const end = ended(child);
    for await (const line of child.lines) {
      finished.add(line);
      if (finished.size === 1_000) child.kill('SIGKILL');
    }
    expect(await end).toBe('SIGKILL');
    expect(finished.size).toBeLessThan(items.length);

    const engine = openEngine();
    const known = await engine.lookUp(items.map((item) => item.key));
    expect([...finished].filter((key) => !known.has(key))).toEqual([]);
    const { summary, measured } = await scored(engine, items, ['ifd', 'reward']);
    expect(summary).toEqual({ computed: items.length - known.size, reused: known.size });
    expect(measured.length).toBe(items.length);
    expect((await scored(engine, items, ['ifd', 'reward'])).summary).toEqual({ computed: 0, reused: items.length });
    await engine.dispose();
    expect(await readdir(path.join(folder, 'journal'))).toEqual([]);
  });

  it('two that score overlapping records at once both end well, and nothing is lost', async () => {
    const children = [start(0, 1_500), start(1_000, 1_500)];
    const outputs = await Promise.all(
      children.map(async (child) => {
        const end = ended(child);
        const lines: string[] = [];
        for await (const line of child.lines) lines.push(line);
        expect(await end).toBe('0');
        return lines;
      }),
    );
    expect(outputs.map((lines) => lines.length)).toEqual([1_501, 1_501]);
    expect((await scored(openEngine(), someItems(2_500), ['ifd', 'reward'])).summary).toEqual({ computed: 0, reused: 2_500 });
  });
});
