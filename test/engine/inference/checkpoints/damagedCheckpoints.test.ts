import { cp, mkdtemp, readdir, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { describeCheckpoint } from '../../../../src/engine/inference/checkpoints/checkpointFacts';
import { openLanguageModel } from '../../../../src/engine/inference/checkpoints/languageModel';
import { openRewardHead } from '../../../../src/engine/inference/checkpoints/rewardModel';
import { checkpointFolder } from '../../../support/checkpoints';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function copyOf(name: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cupel-checkpoint-'));
  folders.push(folder);
  await cp(checkpointFolder(name), folder, { recursive: true });
  return folder;
}

type Json = Record<string, unknown>;

/** Rewrites a JSON file of the folder. */
async function edit(folder: string, file: string, change: (content: Json) => void): Promise<void> {
  const content = JSON.parse(await readFile(path.join(folder, file), 'utf8')) as Json;
  change(content);
  await writeFile(path.join(folder, file), JSON.stringify(content));
}

/** Rewrites the header of the folder's model.safetensors and leaves the data. */
async function editHeader(folder: string, change: (header: Record<string, { dtype: string; shape: number[]; data_offsets: number[] }>) => void): Promise<void> {
  const file = path.join(folder, 'model.safetensors');
  const bytes = await readFile(file);
  const end = 8 + Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.subarray(8, end).toString()) as Record<string, { dtype: string; shape: number[]; data_offsets: number[] }>;
  change(header);
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  await writeFile(file, Buffer.concat([length, text, bytes.subarray(end)]));
}

/** Overwrites bytes of a file. */
async function patch(folder: string, file: string, position: number, bytes: Uint8Array): Promise<void> {
  const content = await readFile(path.join(folder, file));
  content.set(bytes, position < 0 ? content.length + position : position);
  await writeFile(path.join(folder, file), content);
}

const entry = (header: Record<string, { dtype: string; shape: number[]; data_offsets: number[] }>, name: string) => header[name] ?? { dtype: '', shape: [], data_offsets: [] };
const first = 'transformer.h.0.attn.c_attn.bias';

test.each<[what: string, from: string, damage: (folder: string) => Promise<void>, message: RegExp]>([
  ['no config', 'gpt2', (folder) => unlink(path.join(folder, 'config.json')), /config\.json is missing; give a folder/],
  ['a config that is no JSON', 'gpt2', (folder) => writeFile(path.join(folder, 'config.json'), '{'), /config\.json is not in the JSON/],
  ['no weights', 'gpt2', (folder) => unlink(path.join(folder, 'model.safetensors')), /has no model\.safetensors, no model\.safetensors\.index\.json and no model\.onnx; fetch/],
  ['an unknown architecture', 'gpt2', (folder) => edit(folder, 'config.json', (config) => (config.architectures = ['T5ForConditionalGeneration'])), /config\.json asks for the architecture T5ForConditionalGeneration.*GPT2LMHeadModel.*are supported/],
  ['no architecture', 'gpt2', (folder) => edit(folder, 'config.json', (config) => delete config.architectures), /names no architecture; GPT2LMHeadModel/],
  ['an absurd width', 'llama', (folder) => edit(folder, 'config.json', (config) => (config.hidden_size = 1e9)), /config\.json has no usable "hidden_size"/],
  ['heads of 4 dimensions', 'gpt2', (folder) => edit(folder, 'config.json', (config) => (config.n_head = 8)), /config\.json has heads of 4 dimensions \(multiples of 8 are supported\)/],
  ['a negative count of layers', 'gpt2', (folder) => edit(folder, 'config.json', (config) => (config.n_layer = -1)), /no usable "n_layer"/],
  ['more layers than there are tensors', 'gpt2', (folder) => edit(folder, 'config.json', (config) => (config.n_layer = 3)), /model\.safetensors has no tensor "transformer\.h\.2\.ln_1\.weight"/],
  ['an unknown rotary scaling', 'llama', (folder) => edit(folder, 'config.json', (config) => (config.rope_parameters = { rope_type: 'yarn', factor: 4 })), /rotary scaling "yarn" \(default, linear and llama3 are supported\)/],
  ['three labels', 'gpt2-reward', (folder) => editHeader(folder, (header) => (entry(header, 'score.weight').shape = [2, 16])), /"score\.weight" has the shape \[2, 16\] where config\.json asks for \[1, 32\]/],
  ['a missing tensor', 'gpt2', (folder) => editHeader(folder, (header) => {
    header.other = entry(header, first);
    Reflect.deleteProperty(header, first);
  }), /model\.safetensors has no tensor "transformer\.h\.0\.attn\.c_attn\.bias"/],
  ['a wrong shape', 'gpt2', (folder) => editHeader(folder, (header) => (entry(header, first).shape = [2, 48])), /"transformer\.h\.0\.attn\.c_attn\.bias" has the shape \[2, 48\] where config\.json asks for \[96\]/],
  ['a shape that is not its bytes', 'gpt2', (folder) => editHeader(folder, (header) => (entry(header, first).shape = [97])), /has 384 bytes where its shape \[97\] of F32 takes 388/],
  ['a shape beyond counting', 'gpt2', (folder) => editHeader(folder, (header) => (entry(header, first).shape = [2 ** 53 - 1, 2 ** 53 - 1])), /has 384 bytes where its shape/],
  ['a negative offset', 'gpt2', (folder) => editHeader(folder, (header) => (entry(header, first).data_offsets = [-384, 0])), /in another form than type, shape and offsets/],
  ['an offset beyond the file', 'gpt2', (folder) => editHeader(folder, (header) => (entry(header, first).data_offsets = [2 ** 40, 2 ** 40 + 384])), /lies at bytes 1099511627776 to/],
  ['tensors that overlap', 'gpt2', (folder) => editHeader(folder, (header) => (entry(header, first).data_offsets = entry(header, 'transformer.h.1.attn.c_attn.bias').data_offsets)), /overlaps another tensor|belong to no tensor/],
  ['an unknown type', 'gpt2', (folder) => editHeader(folder, (header) => (entry(header, first).dtype = 'F12')), /has the type F12, which is none of the format's/],
  ['weights in a type that is not read', 'gpt2', (folder) => editHeader(folder, (header) => (entry(header, first).dtype = 'I32')), /has no tensor "transformer\.h\.0\.attn\.c_attn\.bias" in F32, F16 or BF16/],
  ['a header longer than the file', 'gpt2', (folder) => patch(folder, 'model.safetensors', 0, new Uint8Array(8).fill(0xff)), /its header claims 18446744073709551615 bytes/],
  ['a header of 2^63 bytes', 'gpt2', (folder) => patch(folder, 'model.safetensors', 0, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x80)), /its header claims 9223372036854775808 bytes/],
  ['a header cut short', 'gpt2', (folder) => truncate(path.join(folder, 'model.safetensors'), 200), /its header claims \d+ bytes where 192 follow; fetch it again/],
  ['data cut short', 'gpt2', (folder) => truncate(path.join(folder, 'model.safetensors'), 100_000), /lies at bytes \d+ to \d+ of \d+; fetch it again/],
  ['an empty file', 'gpt2', (folder) => truncate(path.join(folder, 'model.safetensors'), 0), /it has 0 bytes, too few for a header/],
  ['a missing shard', 'qwen2-sharded', (folder) => unlink(path.join(folder, 'model-00002-of-00003.safetensors')), /model-00002-of-00003\.safetensors is missing; fetch/],
  ['an index that leads out of its folder', 'qwen2-sharded', (folder) => edit(folder, 'model.safetensors.index.json', (index) => (index.weight_map = { 'model.norm.weight': '../gpt2/model.safetensors' })), /index\.json names "\.\.\/gpt2\/model\.safetensors", which is not a file of its own folder/],
  ['an index with an absolute path', 'qwen2-sharded', (folder) => edit(folder, 'model.safetensors.index.json', (index) => (index.weight_map = { 'model.norm.weight': '/etc/passwd' })), /which is not a file of its own folder/],
  ['an index without a map', 'qwen2-sharded', (folder) => edit(folder, 'model.safetensors.index.json', (index) => delete index.weight_map), /has no "weight_map"/],
  ['an index that leaves a tensor out', 'qwen2-sharded', (folder) => edit(folder, 'model.safetensors.index.json', (index) => delete (index.weight_map as Json)['model.norm.weight']), /index\.json has no tensor "model\.norm\.weight"/],
  ['a model.onnx of other bytes', 'onnx', (folder) => writeFile(path.join(folder, 'model.onnx'), Buffer.alloc(5_000, 0xee)), /model\.onnx is damaged or no ONNX model; fetch it again/],
  ['an empty model.onnx', 'onnx', (folder) => truncate(path.join(folder, 'model.onnx'), 0), /model\.onnx is damaged or no ONNX model/],
  ['a model.onnx cut short', 'onnx', (folder) => truncate(path.join(folder, 'model.onnx'), 20_000), /model\.onnx is damaged or no ONNX model/],
  ['a model.onnx without its context length', 'onnx', (folder) => writeFile(path.join(folder, 'config.json'), '{}'), /config\.json has no usable max_position_embeddings/],
])('%s is one message, before anything is loaded', async (_what, from, damage, message) => {
  const folder = await copyOf(from);
  await damage(folder);
  const before = await readdir(folder);
  const open = from.includes('reward') ? openRewardHead : openLanguageModel;
  const attempts = [() => describeCheckpoint(folder), () => open(folder, { precision: 'fp32', threads: 1 }), () => open(folder, { precision: 'int8', threads: 1 })];
  for (const attempt of attempts) {
    const error: unknown = await attempt().then(() => undefined, (reason: unknown) => reason);
    expect(error).toMatchObject({ name: expect.stringMatching(/^(CheckpointError|MissingFileError)$/) as string, message: expect.stringMatching(message) as string });
    expect(error).toMatchObject({ message: expect.stringContaining(folder) as string });
  }
  expect(await readdir(folder)).toEqual(before);
});

test('weights that are not numbers are named when a loss comes of them', async () => {
  const folder = await copyOf('gpt2');
  await patch(folder, 'model.safetensors', -4, Uint8Array.of(0, 0, 0xc0, 0x7f));
  const model = await openLanguageModel(folder, { precision: 'fp32', threads: 1 });
  const ids = Array.from({ length: 48 }, (_, i) => i);
  await expect(model.nll(ids, 1, 48)).rejects.toThrow(/model\.safetensors gives losses that are not numbers: its weights hold NaN or infinities/);
  await model.dispose();
});

test('weights that are not numbers are named when they are quantised', async () => {
  const folder = await copyOf('gpt2');
  const { weight, end } = await readFile(path.join(folder, 'model.safetensors')).then((bytes) => {
    const start = 8 + Number(bytes.readBigUInt64LE());
    const header = JSON.parse(bytes.subarray(8, start).toString()) as Record<string, { data_offsets: [number, number] }>;
    return { weight: header['transformer.h.0.mlp.c_fc.weight']?.data_offsets[0] ?? 0, end: start };
  });
  await patch(folder, 'model.safetensors', end + weight, Uint8Array.of(0, 0, 0xc0, 0x7f));
  await expect(openLanguageModel(folder, { precision: 'int8', threads: 1 })).rejects.toThrow(/model\.safetensors: "transformer\.h\.0\.mlp\.c_fc\.weight" holds NaN or infinities/);
});

test('a reward model gives no losses and a language model no rewards', async () => {
  const options = { precision: 'fp32', threads: 1 } as const;
  await expect(openLanguageModel(checkpointFolder('gpt2-reward'), options)).rejects.toThrow(/is a reward model \(GPT2ForSequenceClassification\)/);
  await expect(openRewardHead(checkpointFolder('gpt2'), options)).rejects.toThrow(/is a language model \(GPT2LMHeadModel\), which gives no rewards/);
  await expect(openRewardHead(checkpointFolder('onnx'), options)).rejects.toThrow(/is a language model \(onnx\)/);
});

test('ids outside the vocabulary and texts beyond the context are refused', async () => {
  const model = await openLanguageModel(checkpointFolder('gpt2'), { precision: 'fp32', threads: 1 });
  await expect(model.nll([1, 320, 3], 1, 3)).rejects.toThrow(/gives the id 320, outside the model's vocabulary of 320/);
  await expect(model.nll(new Array<number>(49).fill(1), 1, 49)).rejects.toThrow(/takes 48 tokens, not 49/);
  await model.dispose();
});
