import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { EndpointTeacher } from '../../../src/core/teachers/teacher';
import { checkTeacher } from '../../../src/engine/clients/checkTeacher';
import { AnswerIndexes } from '../../../src/engine/clients/fileTeacher';
import type { TeacherState } from '../../../src/engine/engine';
import { type ChatServer, type ChatServerOptions, startChatServer } from '../../support/chatServer';

const opened: ChatServer[] = [];

afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});

async function serve(options: ChatServerOptions = {}): Promise<ChatServer> {
  const server = await startChatServer({ kind: 'reply', text: 'Berlin' }, options);
  opened.push(server);
  return server;
}

function check(baseUrl: string, config: Partial<EndpointTeacher> = {}, key?: string): Promise<TeacherState> {
  const deps = { apiKey: () => Promise.resolve(key), now: () => new Date(0), indexes: new AnswerIndexes() };
  return checkTeacher({ kind: 'openai', id: 'ada', baseUrl, model: 'test-model', ...config }, deps, new AbortController().signal);
}

it('finds an endpoint that serves the model, without a question that costs', async () => {
  const server = await serve();
  expect(await check(server.url)).toEqual({ id: 'ada', reachable: true, detail: 'ada serves test-model' });
  expect(server.requests).toHaveLength(0);
});

it.each([
  ['another model', { models: ['other'] }, undefined, { reachable: true, detail: 'ada answers, but does not list test-model' }],
  ['the right key', { key: 'sk-right' }, 'sk-right', { reachable: true, detail: 'ada serves test-model' }],
  ['the wrong key', { key: 'sk-right' }, 'sk-wrong', { reachable: false, detail: 'the key for ada was refused' }],
  ['no key', { key: 'sk-right' }, undefined, { reachable: false, detail: 'ada needs a key' }],
] as const)('says what it finds with %s', async (_, options, key, state) => {
  expect(await check((await serve(options)).url, {}, key)).toMatchObject(state);
});

it('says that an address serves something else', async () => {
  const { url } = await serve();
  expect(await check(url.replace('/v1', '/chat'))).toMatchObject({ detail: 'ada answers, but lists no models: does its address end in /v1?' });
});

it('says that nobody is there', async () => {
  const server = await serve();
  await server.close();
  expect(await check(server.url)).toMatchObject({ reachable: false, detail: expect.stringMatching(/^ada cannot be reached at .* \(connection refused\)$/) as string });
});

it('counts what a file can answer', async () => {
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'cupel-')), 'wise.jsonl');
  const deps = { apiKey: () => Promise.resolve(undefined), now: () => new Date(0), indexes: new AnswerIndexes() };
  const ask = (): Promise<TeacherState> => checkTeacher({ kind: 'file', id: 'wise', path: file }, deps, new AbortController().signal);
  expect(await ask()).toEqual({ id: 'wise', reachable: false, detail: `${file}: no such file or folder.` });
  await writeFile(file, '{"instruction":"Name a fruit.","output":"pear"}\n');
  expect(await ask()).toEqual({ id: 'wise', reachable: true, detail: '1 response' });
  await writeFile(file, 'nothing\n');
  expect(await ask()).toEqual({ id: 'wise', reachable: false, detail: '0 responses, 1 lines without one' });
});
