import { afterEach, describe, expect, it, vi } from 'vitest';
import type { EndpointTeacher } from '../../../../src/core/teachers/teacher';
import { createJudge } from '../../../../src/engine/clients/scoring/judge';
import type { RemoteScorerDeps } from '../../../../src/engine/clients/scoring/remoteScorer';
import type { ScoreItem } from '../../../../src/engine/engine';
import { type ChatBehaviour, type ChatScript, type ChatServer, type ChatServerOptions, startChatServer } from '../../../support/chatServer';
import { remoteDeps } from '../../../support/scoringServers/remoteDeps';

const opened: ChatServer[] = [];

afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});

async function serve(script: ChatScript, options?: ChatServerOptions): Promise<ChatServer> {
  const server = await startChatServer(script, options);
  opened.push(server);
  return server;
}

function judgeAt(baseUrl: string, { config, ...changes }: Partial<RemoteScorerDeps> & { readonly config?: Partial<EndpointTeacher> } = {}) {
  const { deps, waits, log } = remoteDeps(changes);
  const judge = createJudge({ kind: 'openai', id: 'ada', baseUrl, model: 'test-model', ...config }, deps);
  return { judge, waits, log, measure: (items: readonly ScoreItem[] = [pear], signal = new AbortController().signal) => judge.measure(items, signal) };
}

const pear: ScoreItem = { key: 'pear', prompt: 'Name a fruit.\nA green one.', input: 'A green one.', response: 'A pear.' };
const rock: ScoreItem = { key: 'rock', prompt: 'Name a fruit.', response: 'A rock.' };

/** Rates pears better than rocks. */
const taste: ChatScript = ({ body }) => ({ kind: 'reply', text: body?.messages[0]?.content.includes('pear') === true ? '4.5\nTrue.' : 'Score: 0\nA rock is no fruit.' });

describe('ratings', () => {
  it('are asked by the rubric at temperature 0 and read from the first line', async () => {
    const server = await serve(taste);
    const { judge, measure } = judgeAt(server.url, { config: { temperature: 0.9 } });
    expect(judge.id).toBe('judge:test-model/alpagasus@1');
    expect(await measure([pear, rock])).toEqual({
      measured: new Map([
        ['pear', { scorer: judge.id, value: 4.5 }],
        ['rock', { scorer: judge.id, value: 0 }],
      ]),
      failed: [],
    });
    expect(server.requests[0]?.body).toMatchObject({ model: 'test-model', temperature: 0 });
  });

  it('that are none are absent with the reason', async () => {
    const server = await serve([
      { kind: 'reply', text: 'I cannot say.' },
      { kind: 'reply', text: '7' },
      { kind: 'reply', text: 'The res', finish: 'length' },
    ]);
    const { judge, measure } = judgeAt(server.url, { config: { concurrency: 1 } });
    const { measured, failed } = await measure(['a', 'b', 'c'].map((key) => ({ ...rock, key })));
    expect(failed).toEqual([]);
    expect([...measured.values()]).toEqual([
      { scorer: judge.id, reason: 'the judge gave no number on its first line and none after "score:"' },
      { scorer: judge.id, reason: 'the judge gave 7, outside the scale from 0 to 5' },
      { scorer: judge.id, reason: 'the judge gave no number on its first line and none after "score:"; its reply was cut off at its token limit: raise maxTokens of ada' },
    ]);
  });

  it('that were paid for are kept when the judge goes away', async () => {
    const server = await serve((_, number) => (number === 1 ? { kind: 'reply', text: '5' } : { kind: 'drop' }));
    const { measured, failed } = await judgeAt(server.url, { config: { concurrency: 1 } }).measure([pear, rock, { ...rock, key: 'third' }]);
    expect([...measured.keys()]).toEqual(['pear']);
    expect(failed.map(({ key }) => key)).toEqual(['rock', 'third']);
    expect(failed[0]?.reason).toMatch(/^ada cannot be reached at 127\.0\.0\.1:\d+ \(it closed the connection\)$/);
    expect(server.requests).toHaveLength(4);
  });
});

describe('a judge in trouble', () => {
  it.each<[string, ChatBehaviour, string]>([
    ['refuses the request', { kind: 'status', status: 400, message: 'no such model' }, 'ada answered 400: no such model'],
    ['stops midway', { kind: 'half', text: '4' }, 'the reply of ada stopped midway'],
    ['sends a web page', { kind: 'raw', contentType: 'text/html', body: '<html>' }, 'ada answered with text/html that holds no choices'],
  ])('that %s fails the record with the reason', async (_, behaviour, reason) => {
    const server = await serve(behaviour);
    expect((await judgeAt(server.url).measure()).failed).toEqual([{ key: 'pear', reason }]);
  });

  it('that is busy is asked again after the wait it asks for', async () => {
    const server = await serve([{ kind: 'status', status: 429, headers: { 'retry-after': '7' } }, { kind: 'reply', text: '4' }]);
    const { measure, waits } = judgeAt(server.url);
    expect((await measure()).measured.get('pear')?.value).toBe(4);
    expect(waits).toEqual([7000]);
  });

  it('that is not there rejects before a question is asked', async () => {
    const server = await serve(taste);
    await server.close();
    await expect(judgeAt(server.url).measure()).rejects.toThrow(/^ada cannot be reached at 127\.0\.0\.1:\d+ \(connection refused\)$/);
  });

  it('that refuses the key rejects, and shows the key nowhere', async () => {
    const server = await serve(taste, { key: 'sk-right-0123456789' });
    const { measure, log } = judgeAt(server.url, { apiKey: () => Promise.resolve('sk-wrong-9876543210') });
    await expect(measure([pear, rock])).rejects.toThrow('the key for ada was refused');
    expect(server.requests).toHaveLength(0);
    expect(log.join()).not.toContain('sk-wrong');
  });

  it('ends with the reason of the signal', async () => {
    const server = await serve({ kind: 'hang' });
    const controller = new AbortController();
    const running = judgeAt(server.url).measure([pear], controller.signal);
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });
});

describe('the probe of a judge', () => {
  it.each([
    [['test-model'], 'ada serves test-model.'],
    [['other'], 'ada answers, but does not list test-model.'],
  ])('asks no question: with %j it says "%s"', async (models, said) => {
    const server = await serve(taste, { models });
    expect(await judgeAt(server.url).judge.probe(new AbortController().signal)).toBe(said);
    expect(server.requests).toHaveLength(0);
  });
});

it.each([
  ['http://127.0.0.1:8000/v1', false],
  ['http://localhost:8000/v1', false],
  ['https://api.openai.com/v1', true],
  ['http://10.0.0.7:8000/v1', true],
])('knows whether %s may cost money', (url, paid) => {
  expect(judgeAt(url).judge.paid).toBe(paid);
});

it('keeps to its limit of questions at once', async () => {
  const server = await serve({ kind: 'reply', text: '4', delayMs: 15 });
  const items = Array.from({ length: 6 }, (_, i) => ({ ...rock, key: String(i) }));
  expect((await judgeAt(server.url, { config: { concurrency: 2 } }).measure(items)).measured.size).toBe(6);
  expect(server.peak()).toBe(2);
});

describe('a pair', () => {
  const pair = { prompt: 'Name a fruit.', first: 'A pear.', second: 'A rock.' };

  it.each<[string, (content: string) => string, object]>([
    ['goes to the one that both orders prefer', (content) => (content.includes('[Response 1]\nA pear.') ? '9 2' : '1 8'), { verdict: 'first', agreed: true }],
    ['is a tie when a place is preferred', () => '8 4', { verdict: 'tie', agreed: false }],
    ['is a tie when both orders say so', () => '7 7', { verdict: 'tie', agreed: true }],
  ])('%s', async (_, answer, value) => {
    const server = await serve(({ body }) => ({ kind: 'reply', text: `${answer(body?.messages[1]?.content ?? '')}\nBecause.` }));
    expect(await judgeAt(server.url).judge.comparePair(pair, new AbortController().signal)).toEqual({ ok: true, value });
    expect(server.requests).toHaveLength(2);
  });

  it('without a verdict in one order has none', async () => {
    const server = await serve([{ kind: 'reply', text: '8 4' }, { kind: 'reply', text: 'Both are fine.' }]);
    expect(await judgeAt(server.url).judge.comparePair(pair, new AbortController().signal)).toEqual({ ok: false, reason: 'the judge gave no two scores on its first line' });
  });
});
