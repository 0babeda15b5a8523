import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { lossPresets } from '../../../../src/core/scores/presets/preset';
import type { ScoreItem } from '../../../../src/engine/engine';
import type { CheckpointFacts } from '../../../../src/engine/inference/checkpoints/checkpointFacts';
import { loadCheckpointLoss, PresetLoss } from '../../../../src/engine/inference/checkpoints/checkpointLoss';
import { loadCheckpointTokenizer } from '../../../../src/engine/inference/checkpoints/checkpointTokenizer';
import { type LanguageModel, openLanguageModel } from '../../../../src/engine/inference/checkpoints/languageModel';

const fixtures = fileURLToPath(new URL('../../../fixtures/', import.meta.url));
const peers = path.join(fixtures, 'peers');

const recordSchema = z.object({ instruction: z.string(), input: z.string(), output: z.string() });
const partSchema = z.object({ sum: z.number(), tokens: z.int() }).nullable();
const peerSchema = z.array(z.object({ cond: partSchema, direct: partSchema, prompt: partSchema }));

async function peerItems(): Promise<ScoreItem[]> {
  const lines = (await readFile(path.join(peers, 'records.jsonl'), 'utf8')).trimEnd().split('\n');
  return lines.map((line, i) => {
    const { instruction, input, output } = recordSchema.parse(JSON.parse(line));
    return input === '' ? { key: String(i), prompt: instruction, response: output } : { key: String(i), prompt: `${instruction}\n${input}`, input, response: output };
  });
}

/** The same model with a smaller window. */
function narrowed(model: LanguageModel, contextLength: number): LanguageModel {
  return { facts: { ...model.facts, contextLength }, nll: (ids, from, to, shared) => model.nll(ids, from, to, shared), dispose: () => model.dispose() };
}

describe('against the Python peers on the same weights', () => {
  it.each([
    ['superfiltering', 'gpt2', 1024],
    ['superfiltering', 'gpt2', 128],
    ['superfiltering', 'llama', 1024],
    ['cherry', 'llama', 512],
    ['cherry', 'llama', 128],
    ['cherry', 'gpt2', 512],
  ] as const)('%s with %s in %i tokens gives each mean to 1e-5 and each count, and is undefined where they are', { timeout: 300_000 }, async (preset, name, window) => {
    const items = await peerItems();
    const expected = peerSchema.parse(JSON.parse(await readFile(path.join(peers, `${preset}.${name}.${window}.json`), 'utf8')));
    expect(expected).toHaveLength(items.length);
    const folder = path.join(peers, name);
    const model = await openLanguageModel(folder, { precision: 'fp32', threads: 1 });
    const loss = new PresetLoss({ id: 'x', preset: lossPresets[preset], tokenizer: await loadCheckpointTokenizer(folder), model: narrowed(model, window) });
    const wrong: unknown[] = [];
    for (const [i, item] of items.entries()) {
      const measured = await loss.measureLoss(item);
      for (const part of ['cond', 'direct', 'prompt'] as const) {
        const [ours, theirs] = [measured[part], expected[i]?.[part]];
        const same = ours === undefined ? theirs === null : theirs?.tokens === ours.tokens && Math.abs(theirs.sum - ours.sum) < 1e-5 * ours.tokens;
        if (!same) wrong.push({ item: i, part, ours, theirs });
      }
      expect(measured.reason === undefined).toBe(measured.cond !== undefined && measured.direct !== undefined && measured.prompt !== undefined);
    }
    expect(wrong).toEqual([]);
    await loss.dispose();
  });
});

/** The loss of each token says which token, and which before it: 100·previous + id, in thousandths. */
function bigrams() {
  const facts: CheckpointFacts = { folder: '/bigrams', architecture: 'Bigrams', head: 'language-model', contextLength: 1024, vocabularySize: 640, bytes: 0, fingerprint: '00000000' };
  const nll = vi.fn<LanguageModel['nll']>((ids, from, to) => Promise.resolve(Float32Array.from({ length: to - from }, (_, i) => (100 * (ids[from + i - 1] ?? 0) + (ids[from + i] ?? 0)) / 1000)));
  return { nll, model: { facts, nll, dispose: () => Promise.resolve() } satisfies LanguageModel };
}

async function bigramLoss(preset: keyof typeof lossPresets, name = 'gpt2') {
  const { nll, model } = bigrams();
  const tokenizer = await loadCheckpointTokenizer(path.join(fixtures, 'tokenizers', name));
  return { nll, tokenizer, loss: new PresetLoss({ id: 'bigrams', preset: lossPresets[preset], tokenizer, model }) };
}

describe('measureLoss', () => {
  it('sums the losses of exactly the scored tokens', async () => {
    const { loss, tokenizer } = await bigramLoss('superfiltering');
    const after = (ids: readonly number[], from: number, to: number) => ids.slice(from, to).reduce((sum, id, i) => sum + (100 * (ids[from + i - 1] ?? 0) + id) / 1000, 0);
    const whole = tokenizer.encode('Name it.\nThe cat');
    const start = tokenizer.encode('Name it.\n').length;
    const alone = tokenizer.encode('The cat');
    const measured = await loss.measureLoss({ key: 'a', prompt: 'Name it.', response: 'The cat' });
    expect(measured.cond?.sum).toBeCloseTo(after(whole, start, whole.length), 4);
    expect(measured.direct?.sum).toBeCloseTo(after(alone, 1, alone.length), 4);
    expect(measured.prompt?.sum).toBeCloseTo(after(whole, 1, start - 1), 4);
    expect([measured.cond?.tokens, measured.direct?.tokens, measured.prompt?.tokens]).toEqual([whole.length - start, alone.length - 1, start - 2]);
    expect(measured.scorer).toBe('bigrams');
  });

  it('runs the model once for the prompt and the response given it, and once a response without', async () => {
    const { loss, nll } = await bigramLoss('superfiltering');
    await loss.measureLoss({ key: 'a', prompt: 'One', response: 'The cat' });
    expect(nll).toHaveBeenCalledTimes(2);
    await loss.measureLoss({ key: 'b', prompt: 'Two', response: 'The cat' });
    expect(nll).toHaveBeenCalledTimes(3);
    await loss.measureLoss({ key: 'c', prompt: 'Two', response: 'The dog' });
    expect(nll).toHaveBeenCalledTimes(5);
  });

  it('tells the model which ids the template shares', async () => {
    const { loss, nll, tokenizer } = await bigramLoss('cherry', 'llama3');
    await loss.measureLoss({ key: 'a', prompt: 'One', response: 'The cat' });
    const [ids, , , shared = 0] = nll.mock.calls[0] ?? [[]];
    const head = 'Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:';
    expect(Array.from(ids).slice(0, shared)).toEqual([tokenizer.bos, ...tokenizer.encode(head)]);
  });

  it.each([
    ['NaN', NaN],
    ['infinite', Infinity],
  ])('rejects for a record whose losses are %s, and goes on with the next', async (_, value) => {
    const { loss, nll } = await bigramLoss('superfiltering');
    nll.mockResolvedValueOnce(Float32Array.of(1, value, 1, 1, 1, 1, 1, 1, 1, 1));
    await expect(loss.measureLoss({ key: 'a', prompt: 'One', response: 'The cat' })).rejects.toThrow('/bigrams gives losses that are not numbers');
    await expect(loss.measureLoss({ key: 'b', prompt: 'One', response: 'The cat' })).resolves.toHaveProperty('cond');
  });

  it('calls the model for one thing at a time', async () => {
    const { loss, nll } = await bigramLoss('superfiltering');
    let running = 0;
    nll.mockImplementation(async (_, from, to) => {
      expect(++running).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return new Float32Array(to - from);
    });
    await Promise.all(['a', 'b', 'c'].map((key) => loss.measureLoss({ key, prompt: key, response: `The ${key}` })));
    expect(nll).toHaveBeenCalledTimes(6);
  });
});

describe('tokenLosses', () => {
  it('places every token of the response in its text, the first without an unconditional loss', async () => {
    const { loss } = await bigramLoss('superfiltering');
    const response = 'The cat sat.';
    const { tokens, reason } = await loss.tokenLosses({ key: 'a', prompt: 'Name it.', response });
    expect(tokens.map(({ start, end }) => response.slice(start, end)).join('')).toBe(response);
    expect(tokens.map(({ direct }) => direct !== undefined)).toEqual(tokens.map((_, i) => i > 0));
    expect(reason).toBeUndefined();
  });

  it.each(['superfiltering', 'cherry'] as const)('%s: adds up to the losses of the record', async (preset) => {
    const { loss } = await bigramLoss(preset, 'llama3');
    const item = { key: 'a', prompt: 'Name it.', response: 'The cat 字 sat\n\nhere.' };
    const { tokens } = await loss.tokenLosses(item);
    const measured = await loss.measureLoss(item);
    expect(tokens.reduce((sum, { cond = 0 }) => sum + cond, 0)).toBeCloseTo(measured.cond?.sum ?? NaN, 3);
    expect(tokens.reduce((sum, { direct = 0 }) => sum + direct, 0)).toBeCloseTo(measured.direct?.sum ?? NaN, 3);
  });

  it('says how much of the response fits', async () => {
    const { loss } = await bigramLoss('superfiltering');
    const { tokens, reason } = await loss.tokenLosses({ key: 'a', prompt: 'Name it.', response: 'x '.repeat(3000) });
    expect(reason).toMatch(/^only the first \d+ of \d+ response tokens fit the window$/u);
    expect(tokens.length).toBeGreaterThan(900);
  });

  it('has no tokens where the prompt leaves no room for them', async () => {
    const { loss } = await bigramLoss('superfiltering');
    const { tokens, reason } = await loss.tokenLosses({ key: 'a', prompt: 'x '.repeat(3000), response: 'The cat' });
    expect(tokens).toEqual([]);
    expect(reason).toBe('the prompt fills the window of 1024 tokens');
  });

  it('clips a token that began before the response', async () => {
    const { loss } = await bigramLoss('superfiltering', 'qwen2');
    const response = '\n\nThe cat';
    const { tokens } = await loss.tokenLosses({ key: 'a', prompt: 'Name it.', response });
    for (const { start, end } of tokens) {
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeGreaterThan(start);
      expect(end).toBeLessThanOrEqual(response.length);
    }
    expect(tokens.at(-1)?.end).toBe(response.length);
  });
});

describe('loadCheckpointLoss', () => {
  it('refuses a tokenizer that knows more tokens than the model', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'cupel-loss-'));
    await cp(path.join(peers, 'llama'), folder, { recursive: true });
    await cp(path.join(fixtures, 'tokenizers/gpt2/tokenizer.json'), path.join(folder, 'tokenizer.json'));
    await expect(loadCheckpointLoss(folder, { id: 'x', preset: 'superfiltering', precision: 'fp32', threads: 1 })).rejects.toThrow(/tokenizer\.json .* has token ids up to 639 where the model has 600 tokens; fetch tokenizer and weights from the same model\.$/u);
    await rm(folder, { recursive: true });
  });

  it('measures with the checkpoint in a folder', async () => {
    const loss = await loadCheckpointLoss(path.join(peers, 'gpt2'), { id: 'peer', preset: 'superfiltering', precision: 'fp32', threads: 1 });
    const { scorer, cond, direct, prompt } = await loss.measureLoss({ key: 'a', prompt: 'Name it.', response: 'The cat sat.' });
    expect(scorer).toBe('peer');
    expect([cond, direct, prompt].every((part) => part !== undefined && part.sum > 0)).toBe(true);
    await loss.dispose();
  });
});
