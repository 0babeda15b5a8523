import { spawn } from 'node:child_process';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { temporaryFolder } from '../support/runCli';
import { editors, silentEditor, type ForeignEditor } from './support/editors';
import { cli, PlainClient } from './support/plainClient';

const uri = 'file:///data/some.jsonl';
const good = '{"instruction": "What is the capital of France?", "input": "", "output": "Paris, which lies on the Seine."}';
const another = '{"instruction": "Is 7 prime?", "input": "", "output": "Yes: only 1 and 7 divide it."}';
/** The second field is wrong; an emoji stands before it. */
const wrong = '{"instruction": "😀é", "output": 7}';
const text = `${good}\n${wrong}\n${another}\n`;

const position = z.object({ line: z.int(), character: z.int() });
const range = z.object({ start: position, end: position });
const edits = z.array(z.object({ range, newText: z.string() }));
const diagnostics = z.array(z.looseObject({ range, message: z.string(), code: z.unknown() }));
const action = z.looseObject({
  title: z.string(),
  command: z.object({ title: z.string(), command: z.string(), arguments: z.array(z.unknown()) }).optional(),
  edit: z.looseObject({ changes: z.record(z.string(), edits).optional(), documentChanges: z.array(z.object({ edits })).optional() }).optional(),
  disabled: z.object({ reason: z.string() }).optional(),
});
const hints = z.array(z.object({ position, label: z.union([z.string(), z.array(z.object({ value: z.string() }))]) }));

let home: string;
const clients: PlainClient[] = [];
beforeEach(async () => {
  home = await temporaryFolder();
});
afterEach(() => {
  for (const client of clients.splice(0)) client.process.kill('SIGKILL');
});

async function start(editor: ForeignEditor) {
  const started = await PlainClient.start(home, editor);
  clients.push(started.client);
  return started;
}

function bare(...args: string[]): PlainClient {
  const client = new PlainClient(home, args.length > 0 ? args : undefined);
  clients.push(client);
  return client;
}

async function badges(client: PlainClient): Promise<string[]> {
  const { result } = await client.request('textDocument/inlayHint', { textDocument: { uri }, range: { start: { line: 0, character: 0 }, end: { line: 3, character: 0 } } });
  return hints.parse(result).map(({ label }) => (typeof label === 'string' ? label : label.map(({ value }) => value).join('')));
}

async function actionsAt(client: PlainClient, line: number) {
  const at = { line, character: 0 };
  const { result } = await client.request('textDocument/codeAction', { textDocument: { uri }, range: { start: at, end: at }, context: { diagnostics: [] } });
  return z.array(action).parse(result);
}

/** What the editor learns about the file: pushed, or asked for where it says that it asks. */
async function problemsOf(client: PlainClient, { capabilities }: ForeignEditor) {
  const found = (items: unknown) => diagnostics.parse(items).some(({ range: { start } }) => start.line === 1);
  if (!('textDocument' in capabilities && 'diagnostic' in (capabilities.textDocument as object))) {
    const params = await client.message('textDocument/publishDiagnostics', (sent) => found((sent as { diagnostics: unknown }).diagnostics));
    return diagnostics.parse((params as { diagnostics: unknown }).diagnostics);
  }
  for (;;) {
    const { result } = await client.request('textDocument/diagnostic', { textDocument: { uri } });
    const { items } = z.object({ items: diagnostics }).parse(result);
    if (found(items)) return items;
  }
}

describe.each(Object.entries(editors))('in %s', (_name, editor) => {
  it('shows badges, cards and problems, scores, drops a record and leaves', async () => {
    const { client, initialized } = await start(editor);
    expect(initialized.result).toMatchObject({ capabilities: { positionEncoding: 'utf-16', executeCommandProvider: { commands: ['cupel.scoreSelection', 'cupel.scoreDataset'] } }, serverInfo: { name: 'Cupel' } });
    client.open(uri, text);

    // UTF-16 whatever the editor would rather have: the emoji counts as two.
    const problem = (await problemsOf(client, editor)).find(({ message }) => message.startsWith('`output` must be a string'));
    expect(problem?.range).toEqual({ start: { line: 1, character: wrong.indexOf('7') }, end: { line: 1, character: wrong.indexOf('7') + 1 } });

    const before = await actionsAt(client, 0);
    const score = before.find(({ title }) => title === 'Score every record of the file');
    expect(before.map(({ title }) => title)).toEqual(expect.arrayContaining(['Score this record', 'Drop this record']));
    expect(before.every(({ command, edit }) => (command === undefined) !== (edit === undefined))).toBe(true);
    expect(await client.request('workspace/executeCommand', score?.command)).toMatchObject({ result: null });
    expect(await client.message('window/showMessage')).toEqual({ type: 3, message: 'Cupel: 2 responses scored.' });
    expect(client.received.filter(({ method }) => method === 'window/workDoneProgress/create')).toHaveLength(1);
    expect(client.received.filter(({ method }) => method === '$/progress').map(({ params }) => (params as { value: { kind: string } }).value.kind)).toEqual(expect.arrayContaining(['begin', 'end']));
    expect(await badges(client)).toEqual([expect.stringMatching(/^\d+t r≈\S+ ifd≈\S+ car≈\S+$/), expect.any(String), expect.stringMatching(/^\d+t r≈\S+ ifd≈\S+ car≈\S+$/)]);

    const { result } = await client.request('textDocument/hover', { textDocument: { uri }, position: { line: 0, character: 5 } });
    const { contents } = z.object({ contents: z.object({ kind: z.literal('markdown'), value: z.string() }) }).parse(result);
    expect(contents.value).toContain('Record 1 of 3');
    expect(contents.value).not.toMatch(/command:|data:image|<img/);

    const drop = (await actionsAt(client, 0)).find(({ title }) => title === 'Drop this record');
    const changes = drop?.edit?.documentChanges?.[0]?.edits ?? drop?.edit?.changes?.[uri];
    expect(changes).toEqual([{ range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } }, newText: '' }]);
    client.notify('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: changes?.map(({ range: where, newText }) => ({ range: where, text: newText })) });
    expect(await badges(client)).toHaveLength(2);

    expect(await client.request('shutdown')).toMatchObject({ result: null });
    client.notify('exit');
    expect(await client.ended).toEqual({ code: 0, signal: null });
    expect(client.stderr).toBe('');
  });
});

describe('an editor that says nothing of itself', () => {
  it('is asked for nothing, and gets edits in the oldest form', async () => {
    const { client } = await start(silentEditor);
    client.open(uri, text);
    await problemsOf(client, silentEditor);
    const actions = await actionsAt(client, 0);
    expect(actions.find(({ title }) => title === 'Drop this record')?.edit).toEqual({ changes: { [uri]: [{ range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } }, newText: '' }] } });
    expect((await actionsAt(client, 1)).filter(({ disabled }) => disabled)).toEqual([]);
    await client.request('workspace/executeCommand', actions.find(({ title }) => title === 'Score this record')?.command);
    expect(await client.message('window/showMessage')).toEqual({ type: 3, message: 'Cupel: 1 response scored.' });
    expect(client.received.filter(({ id }) => id !== undefined)).toEqual([]);
    expect(await client.leave()).toEqual({ code: 0, signal: null });
  });
});

it('a run can be cancelled where its progress is shown', async () => {
  const { client } = await start({ capabilities: { window: { workDoneProgress: true } } });
  client.open(uri, Array.from({ length: 5000 }, (_, index) => `${JSON.stringify({ instruction: `What is ${index} plus one?`, output: `${index} plus one makes ${index + 1}, as everybody knows.` })}\n`).join(''));
  await client.request('workspace/executeCommand', { command: 'cupel.scoreDataset', arguments: [{ uri }] });
  const { token } = (await client.message('$/progress', (params) => (params as { value: { kind: string } }).value.kind === 'begin')) as { token: string };
  client.notify('window/workDoneProgress/cancel', { token });
  expect(await client.message('window/showMessage')).toEqual({ type: 3, message: 'Cupel: scoring was cancelled. What was finished is kept.' });
  await client.message('$/progress', (params) => (params as { value: { kind: string } }).value.kind === 'end');
});

describe('settings', () => {
  const section = { badge: { parts: ['length'], length: 'chars' } };
  const asked = { workspace: { configuration: true } };

  it.each<[string, ForeignEditor, object | undefined]>([
    ['are asked for where the editor answers', { capabilities: asked, answers: { 'workspace/configuration': () => [section] } }, undefined],
    ['are taken from workspace/didChangeConfiguration', { capabilities: {} }, { cupel: section }],
    ['are taken from there too where the editor has no answer', { capabilities: asked, answers: { 'workspace/configuration': () => [null] } }, { cupel: section }],
    ['come with initialize', { capabilities: {}, initializationOptions: { cupel: section } }, undefined],
    ['come with initialize where the editor has no answer', { capabilities: asked, answers: { 'workspace/configuration': () => [null] }, initializationOptions: { cupel: section } }, undefined],
  ])('%s', async (_what, editor, pushed) => {
    const { client } = await start(editor);
    if (pushed) client.notify('workspace/didChangeConfiguration', { settings: pushed });
    client.open(uri, text);
    await problemsOf(client, silentEditor);
    const badge = `${'Paris, which lies on the Seine.'.length}c`;
    for (let [first] = await badges(client); first !== badge; [first] = await badges(client));
    expect((await badges(client))[0]).toBe(badge);
  });
});

describe('what comes out of turn', () => {
  const hover = { textDocument: { uri }, position: { line: 0, character: 0 } };

  it('gets the errors that the protocol names', async () => {
    const client = bare();
    expect(await client.request('textDocument/hover', hover)).toMatchObject({ error: { code: -32002 } });
    expect(await client.request('shutdown')).toMatchObject({ error: { code: -32002 } });
    client.open(uri, text);
    expect(await client.request('initialize', { processId: null, rootUri: null, capabilities: {} })).toHaveProperty('result.capabilities');
    client.notify('initialized', {});
    expect(await client.request('textDocument/hover', hover), 'a file opened too early is not open').toMatchObject({ result: null });
    expect(await client.request('initialize', { processId: null, rootUri: null, capabilities: {} })).toMatchObject({ error: { code: -32600 } });
    expect(await client.request('textDocument/rename', {})).toMatchObject({ error: { code: -32601 } });
    await client.request('shutdown');
    expect(await client.request('textDocument/hover', hover)).toMatchObject({ error: { code: -32600, message: 'The server has been shut down: only "exit" may follow.' } });
    client.notify('exit');
    expect(await client.ended).toEqual({ code: 0, signal: null });
  });

  it('is nothing where the file is not open', async () => {
    const { client } = await start(silentEditor);
    expect(await client.request('textDocument/hover', hover)).toMatchObject({ result: null });
    expect(await badges(client)).toEqual([]);
    expect(await actionsAt(client, 0)).toEqual([]);
    expect(await client.request('textDocument/documentSymbol', { textDocument: { uri } })).toMatchObject({ result: [] });
    client.notify('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [{ text: 'x' }] });
    client.notify('textDocument/didClose', { textDocument: { uri } });
    await client.request('workspace/executeCommand', { command: 'cupel.scoreDataset', arguments: [{ uri }] });
    expect(await client.message('window/showMessage')).toEqual({ type: 1, message: 'Cupel: Scoring did not come to its end: The file is not open in the editor: open it first.' });
  });

  it('is refused where a command cannot be understood', async () => {
    const { client } = await start(silentEditor);
    const refused = [
      ['cupel.export', [{ uri }], 'There is no command "cupel.export". Known: cupel.scoreSelection, cupel.scoreDataset.'],
      ['cupel.scoreSelection', [{ uri }], 'cupel.scoreSelection takes { uri, lines } as its one argument.'],
      ['cupel.scoreSelection', [{ uri, lines: [-1] }], 'cupel.scoreSelection takes { uri, lines } as its one argument.'],
      ['cupel.scoreDataset', undefined, 'cupel.scoreDataset takes { uri } as its one argument.'],
    ] as const;
    for (const [command, given, message] of refused) {
      expect(await client.request('workspace/executeCommand', { command, arguments: given })).toMatchObject({ error: { code: -32602, message } });
    }
  });
});

describe('the process', () => {
  it('needs no option', async () => {
    const client = bare('lsp');
    expect(await client.request('initialize', { processId: null, rootUri: null, capabilities: {} })).toHaveProperty('result.serverInfo.name', 'Cupel');
    expect(await client.leave()).toEqual({ code: 0, signal: null });
  });

  it.each<[string, (client: PlainClient) => void, number]>([
    ['exit without shutdown', (client) => client.notify('exit'), 1],
    ['the end of its input', (client) => client.process.stdin.end(), 1],
    ['SIGTERM', (client) => client.process.kill('SIGTERM'), 130],
    ['SIGINT', (client) => client.process.kill('SIGINT'), 130],
  ])('ends with %s', async (_what, end, code) => {
    const { client } = await start(silentEditor);
    client.open(uri, text);
    await problemsOf(client, silentEditor);
    end(client);
    expect(await client.ended).toEqual({ code, signal: null });
    expect(client.stderr).toBe('');
  });

  it.skipIf(process.platform === 'win32')('does not outlive an editor that is killed', async () => {
    // An editor that starts the server, tells its process id and is then gone without a word.
    const script = `
      const { spawn } = require('node:child_process');
      const server = spawn(process.execPath, [${JSON.stringify(cli)}, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
      server.stdout.once('data', () => console.log(server.pid));
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { processId: process.pid, rootUri: null, capabilities: {} } });
      server.stdin.write('Content-Length: ' + body.length + '\\r\\n\\r\\n' + body);`;
    const editor = spawn(process.execPath, ['-e', script], { cwd: home, env: { ...process.env, CUPEL_HOME: path.join(home, 'store') }, stdio: ['ignore', 'pipe', 'inherit'] });
    const server = Number(await new Promise((resolve) => editor.stdout.setEncoding('utf8').once('data', resolve)));
    expect(isAlive(server)).toBe(true);
    editor.kill('SIGKILL');
    await expect.poll(() => isAlive(server), { timeout: 20_000 }).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
