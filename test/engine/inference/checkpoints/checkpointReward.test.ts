import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import type { CheckpointFacts } from '../../../../src/engine/inference/checkpoints/checkpointFacts';
import { FormedReward, loadCheckpointReward } from '../../../../src/engine/inference/checkpoints/checkpointReward';
import { plainForm } from '../../../../src/engine/inference/checkpoints/chatForm';
import { loadCheckpointTokenizer } from '../../../../src/engine/inference/checkpoints/checkpointTokenizer';
import { openRewardHead, type RewardHead } from '../../../../src/engine/inference/checkpoints/rewardModel';

const fixtures = fileURLToPath(new URL('../../../fixtures/', import.meta.url));

async function recorded(contextLength: number, name = 'gpt2') {
  const facts: CheckpointFacts = { folder: '/reward', architecture: 'Reward', head: 'reward', contextLength, vocabularySize: 640, bytes: 0, fingerprint: '00000000' };
  const asked = vi.fn<RewardHead['reward']>(() => Promise.resolve(0.5));
  const tokenizer = await loadCheckpointTokenizer(path.join(fixtures, 'tokenizers', name));
  return { asked, tokenizer, reward: new FormedReward('r', (prompt, response) => plainForm(tokenizer, prompt, response), { facts, reward: asked, dispose: () => Promise.resolve() }) };
}

describe('measureReward', () => {
  it('asks about the prompt and the response on lines of their own', async () => {
    const { asked, reward, tokenizer } = await recorded(1024);
    await expect(reward.measureReward({ key: 'a', prompt: 'Name it.', response: 'The cat' })).resolves.toEqual({ scorer: 'r', value: 0.5 });
    expect(asked).toHaveBeenCalledWith(tokenizer.encode('Name it.\nThe cat'));
  });

  it('begins with a BOS where the tokenizer has one', async () => {
    const { asked, reward, tokenizer } = await recorded(1024, 'llama3');
    await reward.measureReward({ key: 'a', prompt: 'Name it.', response: 'The cat' });
    expect(asked).toHaveBeenCalledWith([tokenizer.bos, ...tokenizer.encode('Name it.\nThe cat')]);
  });

  it('cuts a long prompt from its beginning and keeps the BOS', async () => {
    const { asked, reward, tokenizer } = await recorded(10, 'llama3');
    const ids = tokenizer.encode(`${'a b '.repeat(50)}\nThe`);
    await reward.measureReward({ key: 'a', prompt: 'a b '.repeat(50), response: 'The' });
    expect(asked).toHaveBeenCalledWith([tokenizer.bos, ...ids.slice(-9)]);
  });

  it('has no reward for a response that is longer than the window', async () => {
    const { asked, reward, tokenizer } = await recorded(10);
    const tokens = tokenizer.encode('c d '.repeat(20)).length;
    await expect(reward.measureReward({ key: 'a', prompt: 'x', response: 'c d '.repeat(20) })).resolves.toEqual({ scorer: 'r', reason: `response has ${tokens} tokens, the window holds 10` });
    expect(asked).not.toHaveBeenCalled();
  });
});

describe('loadCheckpointReward', () => {
  it.each(['gpt2-reward', 'qwen2-reward', 'llama-reward'])('%s gives what its head gives for the tokens of the exchange', async (name) => {
    const folder = path.join(fixtures, 'checkpoints', name);
    const head = await openRewardHead(folder, { precision: 'fp32', threads: 1 });
    const tokenizer = await loadCheckpointTokenizer(folder);
    const expected = await head.reward(tokenizer.encode('Name it.\nThe cat'));
    await head.dispose();
    const reward = await loadCheckpointReward(folder, { id: name, precision: 'fp32', threads: 1 });
    await expect(reward.measureReward({ key: 'a', prompt: 'Name it.', response: 'The cat' })).resolves.toEqual({ scorer: name, value: expected });
    await reward.dispose();
  });

  it('refuses a language model', async () => {
    await expect(loadCheckpointReward(path.join(fixtures, 'checkpoints/gpt2'), { id: 'x', precision: 'fp32', threads: 1 })).rejects.toThrow('is a language model (GPT2LMHeadModel), which gives no rewards');
  });
});
