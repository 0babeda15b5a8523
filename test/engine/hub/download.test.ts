import { lstat, mkdir, readdir, readFile, readlink, realpath, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DownloadPlan, downloadModel, planDownload } from '../../../src/engine/hub/download';
import { HubError } from '../../../src/engine/hub/hubError';
import type { HubDeps } from '../../../src/engine/hub/hubWire';
import { locateModel } from '../../../src/engine/hub/locateModel';
import { type HubBehaviour, type HubModel, type HubRequestSeen, type HubServer, revision, startHubServer } from '../../support/hubServer';
import { temporaryFolder } from '../../support/runCli';

const weights = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251));
const gpt2: HubModel = {
  files: {
    'README.md': '# GPT-2',
    'config.json': '{"architectures":["GPT2LMHeadModel"]}',
    'tokenizer.json': '{"model":{}}',
    'vocab.json': '{}',
    'merges.txt': '',
    'tokenizer_config.json': '{"model_max_length":1024}',
    'model.safetensors': weights,
    'pytorch_model.bin': 'pickled',
    'model.onnx': 'graph',
    '../evil.json': 'out',
    '/etc/evil.json': 'out',
  },
};
const smallBytes = 37 + 12 + 25;

let cacheDir: string;
const servers: HubServer[] = [];

beforeEach(async () => {
  cacheDir = path.join(await realpath(await temporaryFolder()), 'hub');
  // What this machine's own environment says is not what is tested.
  for (const name of ['HF_TOKEN', 'HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE', 'HF_ENDPOINT']) vi.stubEnv(name, undefined);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) await server.close();
});

async function serve(models: Readonly<Record<string, HubModel>> = { gpt2 }, options: { readonly token?: string } = {}): Promise<HubServer> {
  const server = await startHubServer(models, options);
  servers.push(server);
  return server;
}

const log: string[] = [];
function depsOf(server: HubServer, more: Partial<HubDeps> = {}): HubDeps {
  const note = (message: string, data?: object): void => void log.push(`${message} ${JSON.stringify(data ?? {})}`);
  return { endpoint: server.url, cacheDir, logger: { info: note, warn: note, error: note }, backoff: { sleep: () => Promise.resolve(), random: () => 0 }, ...more };
}

/** A behaviour for requests of one file's bytes at the server that has them. */
function onFile(file: string, behaviour: (number: number) => HubBehaviour | undefined): (request: HubRequestSeen, number: number) => HubBehaviour | undefined {
  const server = file.endsWith('.safetensors') ? 'storage' : 'hub';
  return (request, number) => (request.server === server && request.path.endsWith(`/resolve/${revision}/${file}`) ? behaviour(number) : undefined);
}

const repository = (name = 'models--gpt2'): string => path.join(cacheDir, name);
const snapshotOf = (name?: string): string => path.join(repository(name), 'snapshots', revision);
const weightsBlob = async (server: HubServer): Promise<string> => path.join(repository(), 'blobs', (await planDownload('gpt2', depsOf(server))).files.find(({ path: file }) => file === 'model.safetensors')?.blob ?? '');

async function hasWeights(folder: string): Promise<boolean> {
  return weights.equals(await readFile(path.join(folder, 'model.safetensors')));
}

async function reason(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(HubError);
  return (error as HubError).message;
}

it('plans the files that scoring needs, each thing once', async () => {
  const server = await serve();
  const plan = await planDownload('gpt2', depsOf(server));
  expect(plan).toMatchObject({ name: 'gpt2', revision, licence: 'mit', folder: snapshotOf(), bytes: smallBytes + weights.length, present: 0 });
  expect(plan.files.map(({ path: file, bytes, blob, sha256 }) => [file, bytes, blob.length, sha256 === blob])).toEqual([
    ['config.json', 37, 40, false],
    ['tokenizer.json', 12, 40, false],
    ['tokenizer_config.json', 25, 40, false],
    ['model.safetensors', weights.length, 64, true],
  ]);
  expect(server.served()).toEqual([]);
});

it('downloads into the cache as Python lays it out, and says how far it is', async () => {
  const server = await serve();
  const deps = depsOf(server);
  const progress: (readonly number[])[] = [];
  const located = await downloadModel(await planDownload('gpt2', deps), deps, { onProgress: (done, total) => progress.push([done, total]) });
  expect(located).toEqual({ folder: snapshotOf(), name: 'gpt2' });
  expect(await locateModel('gpt2', { modelsDir: '/none', workingDir: cacheDir, cacheDir })).toEqual(located);
  expect(await hasWeights(located.folder)).toBe(true);
  expect(await readlink(path.join(located.folder, 'config.json'))).toMatch(/^\.\.\/\.\.\/blobs\/[0-9a-f]{40}$/);
  expect(await readFile(path.join(repository(), 'refs/main'), 'utf8')).toBe(revision);
  expect(await readdir(path.join(repository(), 'blobs'))).toHaveLength(4);
  expect(progress.at(-1)).toEqual([smallBytes + weights.length, smallBytes + weights.length]);
  expect(progress.every(([done = 0], index) => done >= (progress[index - 1]?.[0] ?? 0))).toBe(true);
  expect(await planDownload('gpt2', deps)).toMatchObject({ present: smallBytes + weights.length });
});

it('fetches nothing twice', async () => {
  const server = await serve();
  const deps = depsOf(server);
  const plan = await planDownload('gpt2', deps);
  await downloadModel(plan, deps);
  const served = server.served();
  await downloadModel(plan, deps);
  expect(server.served()).toEqual(served);
});

it('fetches the shards that the index names', async () => {
  const index = JSON.stringify({ weight_map: { a: 'model-00001-of-00002.safetensors', b: 'model-00002-of-00002.safetensors' } });
  const files = { 'config.json': '{}', 'vocab.json': '{}', 'merges.txt': '#version: 0.2', 'model.safetensors.index.json': index, 'model-00001-of-00002.safetensors': 'one', 'model-00002-of-00002.safetensors': 'two', 'model-00003-of-00003.safetensors': 'of another model' };
  const deps = depsOf(await serve({ 'Qwen/Qwen2.5-0.5B': { files } }));
  const { folder, name } = await downloadModel(await planDownload('Qwen/Qwen2.5-0.5B', deps), deps);
  expect(name).toBe('Qwen/Qwen2.5-0.5B');
  expect((await readdir(folder)).sort()).toEqual(['config.json', 'merges.txt', 'model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors', 'model.safetensors.index.json', 'vocab.json']);
});

it('copies nothing that is already there under another name of the same bytes', async () => {
  const server = await serve({ gpt2: { files: { 'config.json': '{}', 'tokenizer.json': '{}', 'model.safetensors': weights } } });
  const deps = depsOf(server);
  const progress: number[] = [];
  await downloadModel(await planDownload('gpt2', deps), deps, { onProgress: (done) => progress.push(done) });
  expect(server.served()).toEqual(['config.json 2', `model.safetensors ${weights.length}`]);
  expect(progress.at(-1)).toBe(weights.length + 4);
});

describe('what is cut off goes on where it ended', () => {
  it.each<[string, HubBehaviour]>([
    ['a connection that breaks', { kind: 'cut', after: 100_000 }],
    ['a body that ends too soon', { kind: 'short', after: 100_000 }],
    ['a server that falls silent', { kind: 'hang', after: 100_000 }],
  ])('by itself: %s', async (_, behaviour) => {
    const server = await serve();
    const deps = depsOf(server, { idleMs: 300 });
    server.become(onFile('model.safetensors', (number) => (number < 3 ? behaviour : undefined)));
    const { folder } = await downloadModel(await planDownload('gpt2', deps), deps);
    expect(await hasWeights(folder)).toBe(true);
    const starts = server.requests.filter((request) => request.server === 'storage').map(({ headers }) => Number(/^bytes=(\d+)-$/.exec(headers.range ?? 'bytes=0-')?.[1]));
    // What a breaking connection had not yet handed over is asked for again.
    expect(starts).toEqual(behaviour.kind === 'cut' ? [0, expect.toSatisfy((start) => start > 0 && start <= 100_000), expect.toSatisfy((start) => start > 0 && start <= 200_000)] : [0, 100_000, 200_000]);
  });

  it('after an end to patience', async () => {
    const server = await serve();
    const deps = depsOf(server);
    const plan = await planDownload('gpt2', deps);
    server.become(onFile('model.safetensors', () => ({ kind: 'short', after: 50_000 })));
    expect(await reason(downloadModel(plan, deps))).toBe(`${server.storage} ended model.safetensors of gpt2 after 250000 of 300000 bytes; what came is kept, and the same command goes on from there.`);
    await expect(stat(path.join(repository(), 'refs/main'))).rejects.toThrow('ENOENT');
    expect(await readdir(snapshotOf())).toEqual([]);
    server.become(() => undefined);
    expect(await planDownload('gpt2', deps)).toMatchObject({ present: smallBytes + 250_000 });
    await downloadModel(plan, deps);
    expect(server.served().at(-1)).toBe('model.safetensors 50000');
  });

  it('after it was cancelled', async () => {
    const server = await serve();
    const deps = depsOf(server);
    const plan = await planDownload('gpt2', deps);
    server.become(onFile('model.safetensors', () => ({ kind: 'hang', after: 120_000 })));
    const stop = new AbortController();
    const cancelled = downloadModel(plan, deps, { signal: stop.signal, onProgress: (done) => done === smallBytes + 120_000 && stop.abort(new Error('enough')) });
    await expect(cancelled).rejects.toThrow('enough');
    server.become(() => undefined);
    const progress: number[] = [];
    await downloadModel(await planDownload('gpt2', deps), deps, { onProgress: (done) => progress.push(done) });
    expect(server.served().at(-1)).toBe(`model.safetensors ${weights.length - 120_000}`);
    expect(progress[0]).toBeGreaterThanOrEqual(smallBytes + 120_000);
  });

  it('from the start where a server knows no ranges', async () => {
    const server = await serve();
    const deps = depsOf(server);
    server.become(onFile('model.safetensors', (number) => (number === 1 ? { kind: 'cut', after: 100_000 } : { kind: 'ignoreRange' })));
    const { folder } = await downloadModel(await planDownload('gpt2', deps), deps);
    expect(await hasWeights(folder)).toBe(true);
    expect(server.served().at(-1)).toBe(`model.safetensors ${weights.length}`);
  });

  it('with what another process has fetched meanwhile', async () => {
    const server = await serve();
    const deps = depsOf(server);
    const plan = await planDownload('gpt2', deps);
    const [one, other] = await Promise.all([downloadModel(plan, deps), downloadModel(plan, deps)]);
    expect(one).toEqual(other);
    expect(await hasWeights(one.folder)).toBe(true);
    expect((await readdir(path.join(repository(), 'blobs'))).filter((name) => name.endsWith('.incomplete'))).toEqual([]);
  });
});

describe('bytes that are not the model', () => {
  it.each([
    ['model.safetensors', Buffer.alloc(weights.length, 1)],
    ['config.json', Buffer.alloc(37, 0x20)],
  ])('%s with another checksum is removed', async (file, body) => {
    const server = await serve();
    const deps = depsOf(server);
    const plan = await planDownload('gpt2', deps);
    server.become(onFile(file, () => ({ kind: 'raw', body })));
    expect(await reason(downloadModel(plan, deps))).toBe(`${file} of gpt2 came damaged: its checksum is not the one that the hub lists. It was removed; run the command again.`);
    expect((await readdir(path.join(repository(), 'blobs'))).filter((name) => name.endsWith('.incomplete'))).toEqual([]);
    server.become(() => undefined);
    await downloadModel(plan, deps);
    expect(await hasWeights(snapshotOf())).toBe(true);
  });

  it('a damaged part from earlier is found out by the checksum of the whole', async () => {
    const server = await serve();
    const deps = depsOf(server);
    const blob = await weightsBlob(server);
    await mkdir(path.dirname(blob), { recursive: true });
    await writeFile(`${blob}.incomplete`, Buffer.alloc(1000, 1));
    expect(await reason(downloadModel(await planDownload('gpt2', deps), deps))).toContain('model.safetensors of gpt2 came damaged');
    expect(await downloadModel(await planDownload('gpt2', deps), deps)).toMatchObject({ name: 'gpt2' });
  });

  it('a part that is longer than the whole is written over', async () => {
    const server = await serve();
    const deps = depsOf(server);
    const blob = await weightsBlob(server);
    await mkdir(path.dirname(blob), { recursive: true });
    await writeFile(`${blob}.incomplete`, Buffer.alloc(weights.length + 1));
    const { folder } = await downloadModel(await planDownload('gpt2', deps), deps);
    expect(await hasWeights(folder)).toBe(true);
  });

  it('another size', async () => {
    const server = await serve();
    const deps = depsOf(server);
    server.become(onFile('model.safetensors', () => ({ kind: 'raw', body: '<!doctype html>', contentType: 'text/html; charset=utf-8' })));
    expect(await reason(downloadModel(await planDownload('gpt2', deps), deps))).toBe(`${server.storage} sends 15 bytes for model.safetensors of gpt2, of which the hub lists 300000 bytes: a web page, as a proxy or a log-in might send.`);
  });

  it('another range than the one asked for', async () => {
    const server = await serve();
    const deps = depsOf(server);
    server.become(onFile('model.safetensors', (number) => (number === 1 ? { kind: 'cut', after: 1000 } : { kind: 'status', status: 206, headers: { 'content-range': 'bytes 0-1/300000' } })));
    expect(await reason(downloadModel(await planDownload('gpt2', deps), deps))).toContain('sends another range than asked for model.safetensors of gpt2');
  });
});

describe('a hub that does not give the model', () => {
  it.each<[string, string, (server: HubServer) => string]>([
    ['no such model', 'gpt3', ({ url }) => `There is no model at ${url}/gpt3, or it is private and HF_TOKEN is not set.`],
    ['a licence to accept', 'org/gated', ({ url }) => `org/gated is given only to those who accept its licence: do so at ${url}/org/gated, and set HF_TOKEN to a token of that account.`],
    ['no name', '../gpt2', () => '"../gpt2" is not the name of a model on the hub, such as gpt2 or Qwen/Qwen2.5-0.5B.'],
    ['no weights but pickled ones', 'org/pickled', () => 'org/pickled does not hold what scoring needs: config.json, tokenizer.json (or vocab.json and merges.txt), and model.safetensors (or its shards with model.safetensors.index.json, or model.onnx). Of pytorch_model.bin nothing is read, since it can hold code; look for a copy of the model in safetensors.'],
    ['an index that leads out of the folder', 'org/evil', () => 'model.safetensors.index.json of org/evil cannot be read, or names files that do not belong into a model\'s folder.'],
    ['an index of shards that are not there', 'org/lacking', () => 'org/lacking lacks a.safetensors, which its model.safetensors.index.json names.'],
  ])('%s', async (_, name, message) => {
    const parts = { 'config.json': '{}', 'tokenizer.json': '{}' };
    const server = await serve({
      'org/gated': { ...gpt2, gated: 'manual' },
      'org/pickled': { files: { ...parts, 'pytorch_model.bin': 'x' } },
      'org/evil': { files: { ...parts, 'model.safetensors.index.json': '{"weight_map":{"a":"../../../evil.safetensors"}}' } },
      'org/lacking': { files: { ...parts, 'model.safetensors.index.json': '{"weight_map":{"a":"a.safetensors"}}' } },
    });
    expect(await reason(planDownload(name, depsOf(server)))).toBe(message(server));
  });

  it('one whose licence the token has not accepted', async () => {
    const server = await serve({ 'org/gated': { ...gpt2, gated: 'auto' } }, { token: 'hf_known' });
    const deps = depsOf(server, { token: 'hf_known' });
    const plan = await planDownload('org/gated', deps);
    server.become(onFile('config.json', () => ({ kind: 'status', status: 403, headers: { 'x-error-code': 'GatedRepo' } })));
    expect(await reason(downloadModel(plan, deps))).toBe(`The token in HF_TOKEN gives no access to org/gated: accept its licence at ${server.url}/org/gated with that account, and allow the token to read gated models.`);
  });

  it('a token that it does not know', async () => {
    const server = await serve({ gpt2 }, { token: 'hf_known' });
    const message = await reason(planDownload('gpt2', depsOf(server, { token: 'hf_mistyped' })));
    expect(message).toBe(`${server.url.slice('http://'.length)} does not know the token in HF_TOKEN; set it to a valid one, or to nothing for open models.`);
  });

  it.each<[string, HubBehaviour, string]>([
    ['a web page', { kind: 'raw', body: '<!doctype html><p>Log in', contentType: 'text/html' }, 'HUB does not answer as a model hub does (its reply is not JSON); check HF_ENDPOINT, or whether a proxy answers in its place.'],
    ['other JSON', { kind: 'raw', body: '{"sha":"../.."}' }, 'HUB does not answer as a model hub does (no usable "sha"); check HF_ENDPOINT, or whether a proxy answers in its place.'],
    ['null', { kind: 'raw', body: 'null' }, 'HUB does not answer as a model hub does ('],
    ['half a reply', { kind: 'short', after: 20 }, 'HUB does not answer as a model hub does (its reply is not JSON)'],
    ['a flood', { kind: 'raw', body: Buffer.alloc(17 << 20, 0x20) }, 'sends more than 16 MB about gpt2.'],
    ['redirects without end', { kind: 'redirect', to: '/api/models/gpt2/revision/main' }, 'sends from one address to the next without end.'],
    ['a redirect to a file', { kind: 'redirect', to: 'file:///etc/passwd' }, 'sends to an address that is not safe (file://).'],
    ['silence', { kind: 'hang', after: 5 }, 'has sent nothing for 0.2 s; try again later.'],
    ['a fault', { kind: 'status', status: 503 }, 'answers 503 when asked for gpt2; try again later.'],
    ['a refusal', { kind: 'status', status: 418 }, 'answers 418 when asked for gpt2.'],
  ])('%s', async (_, behaviour, message) => {
    const server = await serve();
    server.become(() => behaviour);
    expect(await reason(planDownload('gpt2', depsOf(server, { idleMs: 200 })))).toContain(message.replace('HUB', server.url));
  });

  it.each<[string, unknown, string]>([
    ['a negative size', { size: -1 }, 'HUB does not answer as a model hub does (no usable "size")'],
    ['a size beyond numbers', { size: 1e300 }, 'HUB does not answer as a model hub does (no usable "size")'],
    ['a size that is a word', { size: 'large' }, 'HUB does not answer as a model hub does (no usable "size")'],
    ['a checksum that is a path', { lfs: { oid: '../../../evil', size: 3, pointerSize: 1 } }, 'HUB does not answer as a model hub does (no usable "lfs.oid")'],
    ['two sizes', { lfs: { oid: 'a'.repeat(64), size: 4, pointerSize: 1 } }, 'HUB gives two sizes for "model.safetensors" of gpt2.'],
    ['nothing', null, 'HUB does not answer as a model hub does ('],
  ])('%s in the listing', async (_, lie, message) => {
    const server = await serve();
    const entry = lie === null ? null : { type: 'file', path: 'model.safetensors', size: 3, oid: 'a'.repeat(40), ...(lie as object) };
    server.become(({ path: asked }) => (asked.includes('/tree/') ? { kind: 'raw', body: JSON.stringify([entry]) } : undefined));
    expect(await reason(planDownload('gpt2', depsOf(server)))).toContain(message.replace('HUB', server.url));
  });

  it('pages without end', async () => {
    const server = await serve();
    server.become(({ path: asked }) => (asked.includes('/tree/') ? { kind: 'raw', body: '[]', headers: { link: `<${server.url}${asked}>; rel="next"` } } : undefined));
    expect(await reason(planDownload('gpt2', depsOf(server)))).toBe(`${server.url} lists the files of gpt2 without end.`);
  });

  it('lists on and on', async () => {
    const server = await serve();
    server.become(({ path: asked }) => (asked.includes('/tree/') ? { kind: 'raw', body: JSON.stringify(Array.from({ length: 5001 }, (_, index) => ({ type: 'file', path: `${index}`, size: 1, oid: 'a'.repeat(40) }))) } : undefined));
    expect(await reason(planDownload('gpt2', depsOf(server)))).toBe(`${server.url} lists the files of gpt2 without end.`);
  });

  it('nobody is there', async () => {
    const server = await serve();
    await server.close();
    servers.splice(0);
    expect(await reason(planDownload('gpt2', depsOf(server)))).toMatch(/^The connection to 127\.0\.0\.1:\d+ failed \(.*ECONNREFUSED.*\); check the network and try again\.$/);
  });

  it('waits as long as the hub asks', async () => {
    const server = await serve();
    const waits: number[] = [];
    server.become((_, number) => (number === 1 ? { kind: 'status', status: 429, headers: { 'retry-after': '7' } } : undefined));
    const sleep = (milliseconds: number): Promise<void> => Promise.resolve(void waits.push(milliseconds));
    await planDownload('gpt2', depsOf(server, { backoff: { sleep, random: () => 0 } }));
    expect(waits).toEqual([7000, 7000]);
  });
});

describe('the token', () => {
  const token = 'hf_secret';

  it('goes to the hub and to no other port or host', async () => {
    const server = await serve({ 'org/gated': { ...gpt2, gated: 'manual' } }, { token });
    const deps = depsOf(server, { token });
    await downloadModel(await planDownload('org/gated', deps), deps);
    const sent = server.requests.map((request) => `${request.server} ${request.headers.authorization ?? 'nothing'}`);
    expect(new Set(sent)).toEqual(new Set(['hub Bearer hf_secret', 'storage nothing']));
  });

  it.each<[string, (elsewhere: string) => HubBehaviour]>([
    ['is sent on', (to) => ({ kind: 'redirect', to })],
    ['goes on with a page', (next) => ({ kind: 'raw', body: '[]', headers: { link: `<${next}>; rel="next"` } })],
  ])('stays behind where a listing %s elsewhere', async (_, behaviour) => {
    const [server, other] = [await serve({ gpt2 }, { token }), await serve()];
    server.become(({ path: asked }) => (asked.includes('/tree/') ? behaviour(`${other.url}${asked}`) : undefined));
    expect(await planDownload('gpt2', depsOf(server, { token }))).toMatchObject({ bytes: smallBytes + weights.length });
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('stands in no message and no log', async () => {
    log.length = 0;
    const server = await serve({ gpt2 }, { token });
    const deps = depsOf(server, { token, idleMs: 200 });
    const plan = await planDownload('gpt2', deps);
    const messages: string[] = [];
    for (const behaviour of [{ kind: 'hang', after: 10 }, { kind: 'cut', after: 10 }, { kind: 'status', status: 500 }, { kind: 'status', status: 403 }, { kind: 'redirect', to: 'http://127.0.0.1:1/?signature=secret' }] satisfies HubBehaviour[]) {
      server.become(onFile('model.safetensors', () => behaviour));
      messages.push(await reason(downloadModel(plan, deps)));
    }
    expect(log.length).toBeGreaterThan(messages.length);
    expect([...messages, ...log].join('\n')).not.toMatch(/secret/);
  });

  it('that no header can carry is not sent', async () => {
    const server = await serve();
    expect(await reason(planDownload('gpt2', depsOf(server, { token: 'hf\r\nx: y' })))).toBe('The token in HF_TOKEN holds characters that no HTTP header can carry.');
    expect(server.requests).toEqual([]);
  });
});

describe('before anything is asked', () => {
  it.each(['HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE'])('%s', async (name) => {
    const server = await serve();
    vi.stubEnv(name, '1');
    expect(await reason(planDownload('gpt2', depsOf(server)))).toBe('Nothing is downloaded while HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE is set.');
    expect(server.requests).toEqual([]);
  });

  it.each(['huggingface', 'ftp://hub', 'https://user:pass@hub', 'https://hub?x'])('HF_ENDPOINT %s', async (endpoint) => {
    expect(await reason(planDownload('gpt2', depsOf(await serve(), { endpoint })))).toBe('HF_ENDPOINT is not the plain address of a server, such as https://huggingface.co.');
  });

  it('HF_ENDPOINT and HF_TOKEN of the environment', async () => {
    const server = await serve({ gpt2 }, { token: 'hf_env' });
    vi.stubEnv('HF_ENDPOINT', `${server.url}/`);
    vi.stubEnv('HF_TOKEN', 'hf_env');
    const { logger, backoff } = depsOf(server);
    expect(await planDownload('gpt2', { logger, backoff, cacheDir })).toMatchObject({ name: 'gpt2' });
    expect(server.requests[0]?.headers.authorization).toBe('Bearer hf_env');
  });

  it.each<[string, (plan: DownloadPlan) => DownloadPlan]>([
    ['a file that leads out', (plan) => ({ ...plan, files: plan.files.map((file) => ({ ...file, path: `../${file.path}` })) })],
    ['a checksum that leads out', (plan) => ({ ...plan, files: plan.files.map((file) => ({ ...file, blob: '../x' })) })],
    ['a commit that leads out', (plan) => ({ ...plan, revision: '../..' })],
    ['another name', (plan) => ({ ...plan, name: '../x' })],
  ])('a plan with %s', async (_, change) => {
    const server = await serve();
    const plan = change(await planDownload('gpt2', depsOf(server)));
    expect(await reason(downloadModel(plan, depsOf(server)))).toBe(`The plan to download ${JSON.stringify(plan.name)} names files that do not belong into a model's folder.`);
    expect(server.served()).toEqual([]);
  });

  it('a disk that is too small', async () => {
    const server = await serve();
    const plan = await planDownload('gpt2', depsOf(server));
    const vast = { ...plan, bytes: 1e18, files: plan.files.map((file) => ({ ...file, bytes: Math.floor(Number.MAX_SAFE_INTEGER / 4) })) };
    expect(await reason(downloadModel(vast, depsOf(server)))).toMatch(new RegExp(`^The download takes [\\d,.]+ .B, and the disk of ${cacheDir} has [\\d,.]+ .B left; make room, or set HF_HUB_CACHE to a folder on another disk\\.$`));
    await expect(lstat(cacheDir)).rejects.toThrow('ENOENT');
  });

  it('a place that cannot be written', async () => {
    const server = await serve();
    await writeFile(cacheDir, 'a file where the folder should be');
    const plan = await planDownload('gpt2', depsOf(server));
    expect(await reason(downloadModel(plan, depsOf(server)))).toMatch(/^Could not write .*models--gpt2.*: a part of the path is a file, not a folder\. What was downloaded is kept; HF_HUB_CACHE can name another folder\.$/);
  });
});
