import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRewardHead, type RewardHead } from '../../../../src/engine/inference/checkpoints/rewardModel';
import { checkpointFolder, expectedOf } from '../../../support/checkpoints';

describe.each(['gpt2-reward', 'qwen2-reward', 'llama-reward', 'onnx-reward'])('rewards of %s', (name) => {
  let model: RewardHead;
  beforeAll(async () => {
    model = await openRewardHead(checkpointFolder(name), { precision: 'fp32', threads: 1 });
  });
  afterAll(() => model.dispose());

  test.each(expectedOf(name).map(({ ids, reward }) => [ids.length, ids, reward ?? NaN] as const))('of %i tokens is that of torch', async (_, ids, reward) => {
    expect(Math.abs((await model.reward(ids)) - reward)).toBeLessThan(1e-4);
  });
});
