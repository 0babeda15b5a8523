import { spawn } from 'node:child_process';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askYesNo } from '../../src/cli/askYesNo';
import { type HubServer, revision, startHubServer } from '../support/hubServer';
import { type CliResult, jsonLines, runCli, temporaryFolder } from '../support/runCli';

const cli = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url));
const weights = Buffer.alloc(2_000_000, 'cupel');

let home: string;
let server: HubServer;

beforeEach(async () => {
  home = await realpath(await temporaryFolder());
  server = await startHubServer({ 'org/small': { files: { 'config.json': '{}', 'tokenizer.json': '{"a":1}', 'model.safetensors': weights }, licence: 'apache-2.0' } });
});

afterEach(() => server.close());

const environment = (): Record<string, string> => ({ HF_ENDPOINT: server.url, HF_HUB_CACHE: path.join(home, 'hub'), HF_TOKEN: '', HF_HUB_OFFLINE: '', TRANSFORMERS_OFFLINE: '' });
const download = (...args: readonly string[]): Promise<CliResult> => runCli(['download', ...args], { home, env: environment() });
const folder = (): string => path.join(home, 'hub/models--org--small/snapshots', revision);

const plan = (here = ''): string =>
  ['org/small at revision 607a30d783df, licence apache-2.0', '  config.json        2 B', '  tokenizer.json     7 B', '  model.safetensors  2 MB', `2 MB in 3 files${here}`, `into ${folder()}`, ''].join('\n');

it('prints the plan and wants a yes', async () => {
  expect(await download('org/small')).toEqual({ code: 2, out: plan(), err: 'This downloads 2 MB. Add --yes to go ahead.\n' });
  expect(server.served()).toEqual([]);
});

it('downloads with --yes, and has nothing to do after that', async () => {
  expect(await download('org/small', '--yes')).toEqual({ code: 0, out: `${plan()}org/small is in ${folder()}\n`, err: '' });
  expect(weights.equals(await readFile(path.join(folder(), 'model.safetensors')))).toBe(true);
  const served = server.served();
  expect(await download('org/small')).toEqual({ code: 0, out: `${plan(', all here already')}org/small is in ${folder()}\n`, err: '' });
  expect(server.served()).toEqual(served);
});

it('says the same to programs', async () => {
  const { code, out, err } = await download('org/small', '--yes', '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(jsonLines(out)).toEqual([
    expect.objectContaining({ name: 'org/small', revision, licence: 'apache-2.0', folder: folder(), bytes: 2_000_009, present: 0 }),
    { name: 'org/small', folder: folder() },
  ]);
});

it.each([
  ['a name that leads out', ['../../x', '--yes'], '"../../x" is not the name of a model on the hub, such as gpt2 or Qwen/Qwen2.5-0.5B.\n'],
  ['a model that is not there', ['org/large', '--yes'], /^There is no model at \S+\/org\/large, or it is private and HF_TOKEN is not set\.\n$/],
])('explains %s', async (_, args, message) => {
  const { code, out, err } = await download(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
});

it('leaves with 130 at Ctrl+C, and goes on where it ended', async () => {
  server.become((request) => (request.server === 'storage' ? { kind: 'hang', after: 1_500_000 } : undefined));
  const child = spawn(process.execPath, [cli, 'download', 'org/small', '--yes'], { env: { ...process.env, ...environment() }, stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const partial = path.join(home, 'hub/models--org--small/blobs');
  await expect.poll(() => partialSize(partial), { timeout: 30_000 }).toBe(1_500_000);
  child.kill('SIGINT');
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(130);
  expect(err).toBe('Interrupted. What was finished is kept; run the same command again to go on.\n');
  server.become(() => undefined);
  const { code, out } = await download('org/small', '--yes');
  expect({ code, out }).toEqual({ code: 0, out: `${plan(', of which 1.5 MB are here already')}org/small is in ${folder()}\n` });
  expect(server.served().at(-1)).toBe('model.safetensors 500000');
});

describe('a question on a terminal', () => {
  it.each([
    ['y\n', true],
    ['YES\n', true],
    ['n\n', false],
    ['\n', false],
    ['maybe\n', false],
    ['', false],
  ])('%j', async (typed, agreed) => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    input.end(typed);
    expect(await askYesNo('Download 2 MB?', { input, output, signal: new AbortController().signal })).toBe(agreed);
    expect(String(output.read())).toBe('Download 2 MB? [y/N] ');
  });

  it('that is interrupted', async () => {
    const stop = new AbortController();
    const asked = askYesNo('Download?', { input: new PassThrough(), output: new PassThrough(), signal: stop.signal });
    stop.abort();
    await expect(asked).rejects.toThrow();
  });
});

async function partialSize(blobs: string): Promise<number> {
  const names = await readdir(blobs).catch(() => []);
  const partial = names.find((name) => name.endsWith('.incomplete') && name.length > 64);
  return partial === undefined ? 0 : (await stat(path.join(blobs, partial)).catch(() => ({ size: 0 }))).size;
}
