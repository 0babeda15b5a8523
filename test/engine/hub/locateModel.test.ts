import { mkdir, realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { hubEnvironment } from '../../../src/engine/hub/hubEnvironment';
import { isHubName } from '../../../src/engine/hub/hubName';
import { cachedModels, locateModel } from '../../../src/engine/hub/locateModel';
import { MissingModelError } from '../../../src/engine/hub/missingModelError';
import { temporaryFolder } from '../../support/runCli';

const wholeModel = ['config.json', 'tokenizer.json', 'model.safetensors'];
const [older, newer] = ['a'.repeat(40), 'b'.repeat(40)];

let root: string;
let places: { readonly modelsDir: string; readonly workingDir: string; readonly cacheDir: string };

beforeEach(async () => {
  root = await realpath(await temporaryFolder());
  places = { modelsDir: path.join(root, 'models'), workingDir: path.join(root, 'work'), cacheDir: path.join(root, 'hub') };
  for (const folder of Object.values(places)) await mkdir(folder);
});

async function folderWith(folder: string, files: readonly string[] | Readonly<Record<string, string>>): Promise<string> {
  const contents = Array.isArray(files) ? Object.fromEntries((files as readonly string[]).map((name) => [name, '{}'])) : (files as Readonly<Record<string, string>>);
  await mkdir(path.join(root, folder), { recursive: true });
  for (const [name, text] of Object.entries(contents)) await writeFile(path.join(root, folder, name), text);
  return path.join(root, folder);
}

/** As huggingface_hub lays it out: the files are links to blobs. */
async function snapshot(repository: string, commit: string, files: readonly string[] = wholeModel, config = '{}'): Promise<string> {
  const folder = await folderWith(`hub/${repository}/snapshots/${commit}`, []);
  await folderWith(`hub/${repository}/blobs`, Object.fromEntries(files.map((name) => [`${commit}-${name}`, name === 'config.json' ? config : '{}'])));
  for (const name of files) await symlink(`../../blobs/${commit}-${name}`, path.join(folder, name));
  return folder;
}

const located = (location: string): Promise<unknown> => locateModel(location, places);

describe('what a location can be', () => {
  it('tiny, which comes with Cupel', async () => {
    expect(await located('tiny').catch(String)).toBe(
      `MissingModelError: The model tiny, which comes with Cupel, is not whole: ${root}/models/tiny lacks config.json, tokenizer.json (or vocab.json and merges.txt) and model.safetensors (or its shards with model.safetensors.index.json, or model.onnx). Install Cupel again.`,
    );
    const folder = await folderWith('models/tiny', wholeModel);
    expect(await located('tiny')).toEqual({ folder, name: 'tiny' });
  });

  it('a folder, by every kind of path', async () => {
    const folder = await folderWith('work/runs/mine/last', wholeModel);
    const mine = await folderWith('work/mine', wholeModel);
    for (const location of [folder, './runs/mine/last', 'runs/mine/last', '../work/runs/mine/last/']) expect(await located(location)).toEqual({ folder, name: 'last' });
    expect(await located('mine')).toEqual({ folder: mine, name: 'mine' });
    await symlink(folder, path.join(root, 'work/best'));
    expect(await located('./best')).toEqual({ folder, name: 'last' });
  });

  it('a path in the home folder', async () => {
    await expect(located('~/no such folder of a model')).rejects.toThrow(`${path.join(homedir(), 'no such folder of a model')}: no such file or folder.`);
  });

  it('a name on the hub, even beside a folder of that name that is no model', async () => {
    const folder = await snapshot('models--gpt2', older);
    await folderWith('work/gpt2', ['results.json']);
    expect(await located('gpt2')).toEqual({ folder, name: 'gpt2' });
    const own = await folderWith('work/gpt2', wholeModel);
    expect(await located('gpt2')).toEqual({ folder: own, name: 'gpt2' });
  });

  it('a snapshot of the cache as a folder, named for its model', async () => {
    const folder = await snapshot('models--Qwen--Qwen2.5-0.5B', older);
    expect(await located(folder)).toEqual({ folder, name: 'Qwen/Qwen2.5-0.5B' });
    expect(await located('Qwen/Qwen2.5-0.5B')).toEqual({ folder, name: 'Qwen/Qwen2.5-0.5B' });
  });
});

describe('which snapshot', () => {
  it('the newest whole one, unless refs/main names a whole one', async () => {
    const old = await snapshot('models--gpt2', older);
    const young = await snapshot('models--gpt2', newer);
    await utimes(old, 1000, 1000);
    await utimes(young, 2000, 2000);
    expect(await located('gpt2')).toMatchObject({ folder: young });
    await folderWith('hub/models--gpt2/refs', { main: `${older}\n` });
    expect(await located('gpt2')).toMatchObject({ folder: old });
    await rm(path.join(old, 'tokenizer.json'));
    expect(await located('gpt2')).toMatchObject({ folder: young });
  });

  it.each([['openai-community/gpt2', 'models--gpt2'], ['gpt2', 'models--openai-community--gpt2']])('%s finds %s', async (name, repository) => {
    const folder = await snapshot(repository, older);
    expect(await located(name)).toEqual({ folder, name: 'gpt2' });
  });

  it('leaves out a link whose blob is gone', async () => {
    const folder = await snapshot('models--gpt2', older);
    await rm(path.join(root, 'hub/models--gpt2/blobs', `${older}-model.safetensors`));
    await expect(located('gpt2')).rejects.toThrow(`gpt2 is not whole on this machine: ${folder} lacks model.safetensors (or its shards with model.safetensors.index.json, or model.onnx). \`cupel download gpt2\` fetches what is missing.`);
  });

  it.each([['refs/main that is a folder', 'refs/main/x'], ['refs/main that leads elsewhere', 'refs']])('%s', async (_, folder) => {
    const whole = await snapshot('models--gpt2', older);
    await folderWith(`hub/models--gpt2/${folder}`, folder === 'refs' ? { main: '../../../../etc' } : []);
    expect(await located('gpt2')).toMatchObject({ folder: whole });
  });
});

describe('what a whole model has', () => {
  const shards = JSON.stringify({ metadata: {}, weight_map: { a: 'model-00001-of-00002.safetensors', b: 'model-00002-of-00002.safetensors', c: 'model-00001-of-00002.safetensors' } });
  const both = { 'config.json': '{}', 'tokenizer.json': '{}' };
  it.each<[string, Readonly<Record<string, string>>, string | undefined]>([
    ['the vocabulary in two files', { 'config.json': '{}', 'vocab.json': '{}', 'merges.txt': '', 'model.safetensors': '' }, undefined],
    ['half a vocabulary', { 'config.json': '{}', 'vocab.json': '{}', 'model.safetensors': '' }, 'merges.txt (or tokenizer.json)'],
    ['a graph', { ...both, 'model.onnx': '' }, undefined],
    ['a graph without a configuration', { 'tokenizer.json': '{}', 'model.onnx': '' }, undefined],
    ['all shards', { ...both, 'model.safetensors.index.json': shards, 'model-00001-of-00002.safetensors': '', 'model-00002-of-00002.safetensors': '' }, undefined],
    ['one shard of two', { ...both, 'model.safetensors.index.json': shards, 'model-00001-of-00002.safetensors': '' }, 'model-00002-of-00002.safetensors'],
    ['an index that is none', { ...both, 'model.safetensors.index.json': '[1' }, 'a readable model.safetensors.index.json'],
    ['an index that leads out', { ...both, 'model.safetensors.index.json': '{"weight_map":{"a":"../x.safetensors"}}' }, 'a readable model.safetensors.index.json'],
    ['pickled weights', { ...both, 'pytorch_model.bin': '' }, 'model.safetensors (or its shards with model.safetensors.index.json, or model.onnx). Of pytorch_model.bin nothing is read, since it can hold code: `save_pretrained(DIR)` in transformers writes safetensors'],
    ['no configuration', { 'tokenizer.json': '{}', 'model.safetensors': '' }, 'config.json'],
  ])('%s', async (_, files, lacks) => {
    const folder = await folderWith('work/here', files);
    const found = await located('./here').catch(String);
    if (lacks === undefined) expect(found).toEqual({ folder, name: 'here' });
    else expect(found).toBe(`MissingModelError: ${folder} is not a whole model: it lacks ${lacks}.`);
  });
});

describe('what cannot be found', () => {
  const parts = 'config.json, tokenizer.json (or vocab.json and merges.txt), and model.safetensors (or its shards with model.safetensors.index.json, or model.onnx)';
  it('says where it looked, what to fetch and what fetches it', async () => {
    const error = await locateModel('gpt2', places).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(MissingModelError);
    expect((error as MissingModelError).download).toBe('gpt2');
    expect((error as MissingModelError).message).toBe(
      `gpt2 is not on this machine: there is no ${root}/hub/models--gpt2 or ${root}/hub/models--openai-community--gpt2 with ${parts}. \`cupel download gpt2\` fetches them, or name a folder that holds them.`,
    );
  });

  it.each([
    ['', '"" is neither a folder nor the name of a model such as gpt2 or Qwen/Qwen2.5-0.5B.'],
    ['a\nb', '"a\\nb" is neither a folder nor the name of a model such as gpt2 or Qwen/Qwen2.5-0.5B.'],
    ['what is this', '"what is this" is neither a folder nor the name of a model such as gpt2 or Qwen/Qwen2.5-0.5B.'],
  ])('%j', async (location, message) => {
    await expect(located(location)).rejects.toThrow(message);
  });

  it('a file', async () => {
    const folder = await folderWith('work/here', wholeModel);
    await expect(located('./here/model.safetensors')).rejects.toThrow(`${folder}/model.safetensors is a file; name the folder that holds ${parts}.`);
  });
});

it.each([
  ['gpt2', true],
  ['Qwen/Qwen2.5-0.5B', true],
  ['01-ai/Yi_6B', true],
  ['..', false],
  ['../gpt2', false],
  ['a/../b', false],
  ['a/b/c', false],
  ['a--b', false],
  ['.hidden', false],
  ['a/', false],
  ['/a', false],
  ['a\\b', false],
  ['repo.git', false],
  ['a b', false],
  ['x'.repeat(97), false],
])('%s names a model: %s', (name, is) => {
  expect(isHubName(name)).toBe(is);
});

it('lists the whole models that can be scored with, one for a model with two names', async () => {
  const gpt2 = await snapshot('models--openai-community--gpt2', older, wholeModel, '{"architectures":["GPT2LMHeadModel"]}');
  const qwen = await snapshot('models--Qwen--Qwen2.5-0.5B', older, wholeModel, '{"architectures":["Qwen2ForCausalLM"]}');
  const graph = await snapshot('models--org--graph', older, ['tokenizer.json', 'model.onnx']);
  await snapshot('models--google-bert--bert', older, wholeModel, '{"architectures":["BertModel"]}');
  await snapshot('models--cut--short', older, ['config.json'], '{"architectures":["GPT2LMHeadModel"]}');
  await snapshot('models--odd--config', older, wholeModel, '{"architectures":"GPT2LMHeadModel"}');
  await folderWith('hub/datasets--org--data/snapshots', []);
  await folderWith('hub/models--..--..', []);
  await folderWith('hub', { 'version.txt': '1' });
  const isSupported = (architecture: string): boolean => ['GPT2LMHeadModel', 'Qwen2ForCausalLM'].includes(architecture);
  expect(await cachedModels({ cacheDir: places.cacheDir, isSupported })).toEqual([
    { folder: qwen, name: 'Qwen/Qwen2.5-0.5B' },
    { folder: gpt2, name: 'gpt2' },
    { folder: graph, name: 'org/graph' },
  ]);
  expect(await cachedModels({ cacheDir: path.join(root, 'none'), isSupported })).toEqual([]);
});

it.each([
  [{}, path.join(homedir(), '.cache/huggingface/hub')],
  [{ XDG_CACHE_HOME: '/x' }, '/x/huggingface/hub'],
  [{ XDG_CACHE_HOME: '/x', HF_HOME: '/home-of-hf' }, '/home-of-hf/hub'],
  [{ HF_HOME: '/home-of-hf', HUGGINGFACE_HUB_CACHE: '/old' }, '/old'],
  [{ HUGGINGFACE_HUB_CACHE: '/old', HF_HUB_CACHE: '~/new' }, path.join(homedir(), 'new')],
  [{ HF_HUB_CACHE: ' ', HF_HOME: '/home-of-hf' }, '/home-of-hf/hub'],
])('reads %j as Python does', (variables, cacheDir) => {
  expect(hubEnvironment(variables)).toEqual({ cacheDir: path.resolve(cacheDir), endpoint: 'https://huggingface.co', offline: false });
});
