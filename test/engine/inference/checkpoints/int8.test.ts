import { expect, test } from 'vitest';
import { openLanguageModel } from '../../../../src/engine/inference/checkpoints/languageModel';
import { openRewardHead } from '../../../../src/engine/inference/checkpoints/rewardModel';
import { checkpointFolder, expectedOf } from '../../../support/checkpoints';

const options = { precision: 'int8', threads: 1 } as const;

test.each(['gpt2-trained', 'qwen2-trained'])('8-bit losses of %s are within .03 nats a token of torch on average', async (name) => {
  const model = await openLanguageModel(checkpointFolder(name), options);
  try {
    const distances: number[] = [];
    for (const { ids, nll = [] } of expectedOf(name)) {
      const losses = await model.nll(ids, 1, ids.length, 3);
      nll.forEach((loss, i) => distances.push(Math.abs((losses[i] ?? NaN) - loss)));
    }
    const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
    expect(mean).toBeLessThan(0.03);
    // They are the quantised graph's, not the exact one's.
    expect(mean).toBeGreaterThan(1e-4);
  } finally {
    await model.dispose();
  }
});

test('8-bit rewards are near those of torch', async () => {
  const model = await openRewardHead(checkpointFolder('qwen2-reward'), options);
  try {
    for (const { ids, reward = NaN } of expectedOf('qwen2-reward')) expect(Math.abs((await model.reward(ids)) - reward)).toBeLessThan(0.1);
  } finally {
    await model.dispose();
  }
});
