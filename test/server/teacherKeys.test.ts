import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { alpaca } from '../languageService/support/exampleDataset';
import { TestEditor } from './support/testEditor';

const uri = 'file:///data/keys.jsonl';
let endpoint: Server;
let editor: TestEditor | undefined;

afterEach(async () => {
  await editor?.stop();
  editor = undefined;
  endpoint.close();
});

/** An endpoint that answers whoever brings the key `right`; what it was sent is listed. */
async function startEndpoint(): Promise<{ readonly baseUrl: string; readonly sent: string[] }> {
  const sent: string[] = [];
  endpoint = createServer((request, response) => {
    sent.push(request.headers.authorization ?? 'nothing');
    request.resume();
    request.on('end', () => {
      if (request.headers.authorization !== 'Bearer right') {
        response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"message":"no"}}');
        return;
      }
      const choice = { index: 0, delta: { role: 'assistant', content: 'Because.' }, finish_reason: 'stop' };
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 0, model: 'm', choices: [choice] })}\n\ndata: [DONE]\n\n`);
    });
  });
  endpoint.listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  return { baseUrl: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/v1`, sent };
}

async function openWith(baseUrl: string, keyFor: (asked: number) => string | undefined): Promise<TestEditor> {
  let asked = 0;
  editor = await TestEditor.start({ settings: { teachers: [{ kind: 'openai', id: 'gemma', baseUrl, model: 'm' }] }, keyFor: () => keyFor(++asked) });
  await editor.open(uri, [alpaca('Why?', 'No.'), alpaca('How?', 'So.')].join('\n'));
  return editor;
}

function ask(from: TestEditor, line: number) {
  return from.request('cupel/propose', { uri, lines: [line], teacher: 'gemma', mode: 'regenerate' });
}

it('asks the editor once, and again only when the server refuses the key', { timeout: 60_000 }, async () => {
  const { baseUrl, sent } = await startEndpoint();
  const client = await openWith(baseUrl, (asked) => (asked === 1 ? 'wrong' : 'right'));
  expect((await ask(client, 0)).proposals).toMatchObject([{ status: 'pending', response: 'Because.' }]);
  expect((await ask(client, 1)).proposals).toMatchObject([{ status: 'pending', response: 'Because.' }]);
  expect(sent).toEqual(['Bearer wrong', 'Bearer right', 'Bearer right']);
  expect(client.keysAsked).toEqual([
    { teacher: 'gemma', baseUrl, refused: false },
    { teacher: 'gemma', baseUrl, refused: true },
  ]);
});

it('forgets a key when told that another one is stored', { timeout: 60_000 }, async () => {
  const { baseUrl } = await startEndpoint();
  const client = await openWith(baseUrl, () => 'right');
  await ask(client, 0);
  await client.request('cupel/setTeacherKey', { teacher: 'gemma' });
  await ask(client, 1);
  expect(client.keysAsked).toHaveLength(2);
});

it('fails the proposal, not the request, when the person gives no key', { timeout: 60_000 }, async () => {
  const { baseUrl } = await startEndpoint();
  const client = await openWith(baseUrl, () => undefined);
  expect((await ask(client, 0)).proposals).toMatchObject([{ status: 'failed', reason: 'gemma needs a key and none was given' }]);
});
