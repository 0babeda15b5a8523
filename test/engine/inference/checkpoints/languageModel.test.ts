import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LanguageModel, openLanguageModel } from '../../../../src/engine/inference/checkpoints/languageModel';
import { checkpointFolder, expectedOf, largestDifference } from '../../../support/checkpoints';

const names = ['gpt2', 'gpt2-trained', 'gpt2-fp16', 'llama', 'llama-biased', 'mistral', 'qwen2', 'qwen2-trained', 'qwen2-sharded', 'qwen3', 'onnx'];

describe.each(names)('losses of %s', (name) => {
  let model: LanguageModel;
  beforeAll(async () => {
    model = await openLanguageModel(checkpointFolder(name), { precision: 'fp32', threads: 1 });
  });
  afterAll(() => model.dispose());

  test.each(expectedOf(name).map(({ ids, nll }) => [ids.length, ids, nll] as const))('of %i tokens are those of torch', async (length, ids, nll = []) => {
    expect(largestDifference(await model.nll(ids, 1, length), nll)).toBeLessThan(1e-4);
  });

  test('of a span are those of the whole, whatever part of what stands before is shared', async () => {
    const { ids, nll = [] } = expectedOf(name).at(-1) ?? { ids: [] };
    for (const [from, to, shared] of [[9, 20, 0], [9, 20, 5], [9, 20, 5], [9, 14, 9], [9, 20, 20], [1, 8, 4], [7, 8, 6]] as const) {
      expect(largestDifference(await model.nll(ids, from, to, shared), nll.slice(from - 1, to - 1)), `${from} to ${to}, ${shared} shared`).toBeLessThan(1e-4);
    }
  });
});

test('a text that takes several runs has the same losses wherever it is cut', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'cupel-checkpoint-'));
  await cp(checkpointFolder('llama'), folder, { recursive: true });
  const config = await readFile(path.join(folder, 'config.json'), 'utf8');
  await writeFile(path.join(folder, 'config.json'), config.replace('"max_position_embeddings": 64', '"max_position_embeddings": 4096'));
  const model = await openLanguageModel(folder, { precision: 'fp32', threads: 1 });
  const ids = Array.from({ length: 1_500 }, (_, i) => (i * 37) % 320);
  const whole = await model.nll(ids, 1, 1_500);
  expect(largestDifference(await model.nll(ids, 701, 1_500, 700), whole.subarray(700))).toBeLessThan(1e-4);
  expect(largestDifference(await model.nll(ids, 1, 900), whole.subarray(0, 899))).toBeLessThan(1e-4);
  await model.dispose();
  await rm(folder, { recursive: true });
});
