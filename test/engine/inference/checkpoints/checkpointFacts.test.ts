import { cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeCheckpoint } from '../../../../src/engine/inference/checkpoints/checkpointFacts';
import { openLanguageModel } from '../../../../src/engine/inference/checkpoints/languageModel';
import { checkpointFolder, expectedOf, largestDifference } from '../../../support/checkpoints';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cupel-checkpoint-'));
});
afterEach(() => rm(folder, { recursive: true }));

test.each([
  ['gpt2', { architecture: 'GPT2LMHeadModel', head: 'language-model', parameters: 28_928, contextLength: 48, vocabularySize: 320, bos: 0 }],
  ['mistral', { architecture: 'MistralForCausalLM', head: 'language-model', contextLength: 32, vocabularySize: 320 }],
  ['qwen2-reward', { architecture: 'Qwen2ForSequenceClassification', head: 'reward', contextLength: 64 }],
  ['onnx', { architecture: 'onnx', head: 'language-model', contextLength: 48, vocabularySize: 320, bos: 0 }],
  ['onnx-reward', { architecture: 'onnx', head: 'reward', contextLength: 48 }],
])('%s is described without loading it', async (name, facts) => {
  expect(await describeCheckpoint(checkpointFolder(name))).toMatchObject({ folder: checkpointFolder(name), ...facts, fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/) as string });
});

test('a copy has the same fingerprint, other weights, another config and another tokenizer have others', async () => {
  const of = async () => (await describeCheckpoint(folder)).fingerprint;
  await cp(checkpointFolder('gpt2'), folder, { recursive: true });
  const prints = [await of()];
  expect(prints).toEqual([(await describeCheckpoint(checkpointFolder('gpt2'))).fingerprint]);
  for (const [file, change] of [['model.safetensors', (bytes: Buffer) => bytes.fill(1, bytes.length - 4)], ['config.json', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('\n')])], ['tokenizer.json', (bytes: Buffer) => bytes.fill(' ', bytes.length - 1)]] as const) {
    await writeFile(path.join(folder, file), change(await readFile(path.join(folder, file))));
    prints.push(await of());
  }
  expect(new Set(prints).size).toBe(4);
});

test('an aborted description rejects', async () => {
  await expect(describeCheckpoint(checkpointFolder('gpt2'), AbortSignal.abort())).rejects.toThrow(/abort/i);
});

test.skipIf(process.platform === 'win32')('weights are found where links of a cache lead', async () => {
  await cp(checkpointFolder('qwen2-sharded'), path.join(folder, 'snapshot'), { recursive: true });
  await cp(checkpointFolder('gpt2'), path.join(folder, 'blobs'), { recursive: true });
  for (const [i, name] of ['model-00001-of-00003.safetensors', 'model-00002-of-00003.safetensors', 'model-00003-of-00003.safetensors'].entries()) {
    await rename(path.join(folder, 'snapshot', name), path.join(folder, 'blobs', `blob${i}`));
    await symlink(`../blobs/blob${i}`, path.join(folder, 'snapshot', name));
  }
  const model = await openLanguageModel(path.join(folder, 'snapshot'), { precision: 'fp32', threads: 1 });
  const { ids, nll = [] } = expectedOf('qwen2-sharded')[2] ?? { ids: [] };
  expect(largestDifference(await model.nll(ids, 1, ids.length), nll)).toBeLessThan(1e-4);
  await model.dispose();
});
