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
