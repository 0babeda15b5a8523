import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LogData, Logger } from '../../../src/base/logger';
import type { ProposalMode } from '../../../src/core/proposals/proposal';
import type { Exchange } from '../../../src/core/record/conversation';
import { parseLine } from '../../../src/core/record/parseRecord';
import type { EndpointTeacher } from '../../../src/core/teachers/teacher';
import { createOpenAITeacher } from '../../../src/engine/clients/openaiTeacher';
import type { Answer } from '../../../src/engine/clients/teacher';
import type { EnginePorts } from '../../../src/engine/engine';
import { createLimiter } from '../../../src/engine/jobs/queue';
import { type ChatScript, type ChatServer, type ChatServerOptions, startChatServer } from '../../support/chatServer';

const opened: ChatServer[] = [];

afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});

async function serve(script: ChatScript, options?: ChatServerOptions): Promise<ChatServer> {
  const server = await startChatServer(script, options);
  opened.push(server);
  return server;
}

interface Setup extends Partial<EndpointTeacher> {
  readonly mode?: ProposalMode;
  readonly apiKey?: EnginePorts['apiKey'];
}

/** A teacher called `ada` whose waits take no time and are written down, with everything that it logs. */
function teacherAt(baseUrl: string, { mode = 'regenerate', apiKey = () => Promise.resolve(undefined), ...config }: Setup = {}) {
  const waits: number[] = [];
  const log: string[] = [];
  const write = (message: string, data?: LogData): void => void log.push(`${message} ${JSON.stringify(data ?? {})}`);
  const logger: Logger = { info: write, warn: write, error: write };
  const teacher = createOpenAITeacher({ kind: 'openai', id: 'ada', baseUrl, model: 'test-model', ...config }, mode, {
    apiKey,
    logger,
    now: () => new Date('2025-03-01T12:00:00Z'),
    backoff: { random: () => 0, sleep: (milliseconds) => Promise.resolve(void waits.push(milliseconds)) },
    limiter: createLimiter(config.concurrency ?? 4),
  });
  const answer = (exchange = berlin, signal = new AbortController().signal, onText?: (text: string) => void): Promise<Answer> =>
    teacher.answer({ exchange, line: 1, mode }, signal, onText);
  return { answer, waits, log };
}

function exchangeOf(record: unknown): Exchange {
  const parsed = parseLine(JSON.stringify(record));
  const exchange = parsed.status === 'ok' ? parsed.record.exchanges[0] : undefined;
  if (exchange === undefined) throw new Error('no exchange');
  return exchange;
}

const berlin = exchangeOf({ instruction: 'Name the capital.', input: 'Germany', output: 'berlin' });

/** The sentence that a person reads when the question failed. */
function reasonOf(answer: Answer): string {
  return answer.ok ? `answered: ${answer.response}` : answer.reason;
}

describe('a teacher that answers', () => {
  it('is sent the conversation and gives back the text with where it comes from', async () => {
    const server = await serve({ kind: 'reply', text: 'Berlin is the capital of Germany.' });
    const { answer } = teacherAt(server.url, { temperature: 0.7, maxTokens: 200 });
    expect(await answer()).toEqual({
      ok: true,
      response: 'Berlin is the capital of Germany.',
      provenance: {
        teacher: 'ada',
        model: 'test-model-0001',
        parameters: { temperature: 0.7, maxTokens: 200 },
        promptTemplate: 'chat@1',
        time: '2025-03-01T12:00:00.000Z',
        usage: { promptTokens: 4, completionTokens: 6 },
        requestId: 'req-1',
      },
    });
    expect(server.requests.map(({ body }) => body)).toEqual([
      {
        model: 'test-model',
        messages: [{ role: 'user', content: 'Name the capital.\nGermany' }],
        stream: true,
        stream_options: { include_usage: true },
        temperature: 0.7,
        max_tokens: 200,
      },
    ]);
  });

  it('shows the text as it grows', async () => {
    const server = await serve({ kind: 'reply', text: 'one two three', pieceLength: 4 });
    const seen: string[] = [];
    await teacherAt(server.url).answer(berlin, undefined, (text) => seen.push(text));
    expect([...new Set(seen)]).toEqual(['', 'one ', 'one two ', 'one two thre', 'one two three']);
  });

  it('may take its time between pieces', async () => {
    const server = await serve({ kind: 'reply', text: 'a b c d e f g h', pieceLength: 1, delayMs: 30 });
    expect(await teacherAt(server.url, { timeoutSeconds: 0.3 }).answer()).toMatchObject({ ok: true, response: 'a b c d e f g h' });
  });

  it('keeps text from many languages whole across network pieces', async () => {
    const text = 'Grüße 😀 — 東京 \u0000 "\\n"';
    const server = await serve({ kind: 'reply', text, pieceLength: 1 });
    expect(await teacherAt(server.url).answer()).toMatchObject({ ok: true, response: text });
  });

  it('refines at temperature 0 and takes the better answer out of the reply', async () => {
    const server = await serve({ kind: 'reply', text: 'Too short.\n[Better Answer]\nBerlin.\n[End]' });
    const { answer } = teacherAt(server.url, { mode: 'refine', temperature: 0.9 });
    expect(await answer()).toMatchObject({ ok: true, response: 'Berlin.', provenance: { promptTemplate: 'refine@1', parameters: { temperature: 0 } } });
    expect(server.requests[0]?.body).toMatchObject({ temperature: 0, messages: [{ role: 'system' }, { role: 'user' }] });
    expect(server.requests[0]?.body?.messages[1]?.content).toContain('[Answer]\nberlin\n');
  });

  it('sends nothing from the environment', async () => {
    const before = { ...process.env };
    Object.assign(process.env, { OPENAI_API_KEY: 'sk-of-someone-else', OPENAI_ORG_ID: 'org-1', OPENAI_CUSTOM_HEADERS: 'X-Private: yes' });
    try {
      const server = await serve({ kind: 'reply', text: 'Berlin' });
      await teacherAt(server.url).answer();
      expect(Object.keys(server.requests[0]?.headers ?? {}).sort()).toEqual(
        ['accept', 'accept-encoding', 'accept-language', 'connection', 'content-length', 'content-type', 'host', 'sec-fetch-mode', 'user-agent'].sort(),
      );
    } finally {
      process.env = before;
    }
  });
});

describe('a teacher in trouble', () => {
  it.each([
    ['waits as long as a busy server asks', { kind: 'status', status: 429, headers: { 'retry-after': '7' } }, 7000],
    ['understands a date in Retry-After', { kind: 'status', status: 503, headers: { 'retry-after': 'Sat, 01 Mar 2025 12:00:09 GMT' } }, 9000],
    ['tries again after a server error', { kind: 'status', status: 500 }, 250],
    ['tries again after a conflict', { kind: 'status', status: 409 }, 250],
    ['tries again after a dropped connection', { kind: 'drop' }, 250],
  ] as const)('%s', async (_, trouble, wait) => {
    const server = await serve([trouble, { kind: 'reply', text: 'Berlin' }]);
    const { answer, waits } = teacherAt(server.url);
    expect(await answer()).toMatchObject({ ok: true, response: 'Berlin' });
    expect(waits).toEqual([wait]);
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    ['busy for good', { kind: 'status', status: 429, message: 'quota exceeded' }, 5, 'ada asks to slow down or is out of quota (429): quota exceeded'],
    ['broken for good', { kind: 'status', status: 500, message: 'oops' }, 5, 'ada answered 500: oops'],
    ['asking for an hour', { kind: 'status', status: 429, headers: { 'retry-after': '3600' } }, 1, 'ada asks to slow down or is out of quota (429): as scripted'],
    ['refusing the request', { kind: 'status', status: 400, message: 'context\nlength\u0007 exceeded' }, 1, 'ada answered 400: context length exceeded'],
    ['forbidding it', { kind: 'status', status: 403 }, 1, 'ada answered 403: as scripted'],
    ['without that model', { kind: 'status', status: 404, message: 'no such model' }, 1, 'ada answered 404: no such model'],
    ['talking without end about an error', { kind: 'status', status: 400, message: 'x'.repeat(500_000) }, 1, /^ada answered 400: .{1,300}…$/],
    ['dropping every connection', { kind: 'drop' }, 3, /^ada cannot be reached at 127\.0\.0\.1:\d+ \(it closed the connection\)$/],
    ['sending a web page', { kind: 'raw', contentType: 'text/html', body: '<html>Sign in</html>' }, 1, 'ada answered with text/html that holds no choices'],
    ['sending an empty stream', { kind: 'raw', contentType: 'text/event-stream', body: 'data: [DONE]\n\n' }, 1, 'ada answered with text/event-stream that holds no choices'],
    ['sending broken JSON', { kind: 'raw', contentType: 'text/event-stream', body: 'data: {"choices": [\n\n' }, 1, 'ada sent a piece that is not JSON'],
    ['sending other JSON', { kind: 'raw', contentType: 'text/event-stream', body: 'data: {"choices": "none"}\n\n' }, 1, 'ada sent a piece that is no chat completion'],
    ['sending a list', { kind: 'raw', contentType: 'text/event-stream', body: 'data: [1, 2]\n\n' }, 1, 'ada sent a piece that is no chat completion'],
    ['sending no choices', { kind: 'raw', contentType: 'text/event-stream', body: 'data: {"id": "1"}\n\ndata: [DONE]\n\n' }, 1, 'ada answered with text/event-stream that holds no choices'],
    ['reporting an error midway', { kind: 'raw', contentType: 'text/event-stream', body: 'data: {"error": {"message": "out of memory"}}\n\n' }, 1, 'ada reported an error: out of memory'],
    ['breaking off midway', { kind: 'half', text: 'Ber' }, 1, 'the reply of ada stopped midway'],
    ['ending without a finish reason', { kind: 'unfinished', text: 'Ber' }, 1, 'the reply of ada stopped midway'],
    ['at its token limit', { kind: 'reply', text: 'Ber', finish: 'length' }, 1, 'ada was cut off at its token limit; raise maxTokens'],
    ['filtering', { kind: 'reply', text: 'Ber', finish: 'content_filter' }, 1, 'the content filter of ada stopped the reply'],
    ['saying nothing', { kind: 'reply', text: ' \n' }, 1, 'the reply of ada is empty'],
    ['flooding', { kind: 'reply', text: 'x'.repeat(1_000_001), pieceLength: 50_000 }, 1, 'the reply of ada is longer than 1,000,000 characters'],
    ['flooding without an event', { kind: 'raw', contentType: 'text/event-stream', body: 'data: ' + 'x'.repeat(100_000), repeat: 100 }, 1, 'the reply of ada is too large or holds no readable pieces'],
  ] as const)('%s', async (_, behaviour, requests, reason) => {
    const server = await serve(behaviour);
    const { answer } = teacherAt(server.url);
    const said = reasonOf(await answer());
    if (typeof reason === 'string') expect(said).toBe(reason);
    else expect(said).toMatch(reason);
    expect(server.requests).toHaveLength(requests);
  });

  it('names the limit that cut it off, and keeps what it cost', async () => {
    const server = await serve({ kind: 'reply', text: 'Ber', finish: 'length' });
    expect(await teacherAt(server.url, { maxTokens: 1 }).answer()).toMatchObject({
      ok: false,
      reason: 'ada was cut off at the limit of 1 tokens; raise maxTokens',
      provenance: { usage: { completionTokens: 1 } },
    });
  });

  it('keeps the original when a refinement has no better answer', async () => {
    const server = await serve({ kind: 'reply', text: 'It is fine.' });
    expect(reasonOf(await teacherAt(server.url, { mode: 'refine' }).answer())).toBe('the reply holds no [Better Answer] … [End] segment');
  });

  it('asks no teacher about a record without a prompt', async () => {
    const server = await serve({ kind: 'reply', text: 'Berlin' });
    expect(reasonOf(await teacherAt(server.url).answer({ ...berlin, prompt: [] }))).toBe('the record has no prompt to answer');
    expect(server.requests).toHaveLength(0);
  });

  it.each([
    ['before its first byte', { kind: 'hang' }, 3],
    ['in the middle of a reply', { kind: 'hang', after: 'Ber' }, 1],
  ] as const)('is given up when it falls silent %s', async (_, behaviour, requests) => {
    const server = await serve(behaviour);
    expect(reasonOf(await teacherAt(server.url, { timeoutSeconds: 0.15 }).answer())).toBe('ada sent nothing for 0.15 s');
    expect(server.requests).toHaveLength(requests);
  });

  it('is tried once a question, without waiting, after it could not be reached', async () => {
    const server = await serve({ kind: 'reply', text: 'Berlin' });
    await server.close();
    const { answer, waits } = teacherAt(server.url);
    const reason = /^ada cannot be reached at 127\.0\.0\.1:\d+ \(connection refused\)$/;
    expect(reasonOf(await answer())).toMatch(reason);
    expect(waits).toEqual([250, 500]);
    expect(reasonOf(await answer())).toMatch(reason);
    expect(waits).toEqual([250, 500]);
  });

  it('with an address that does not exist says so without the password in it', async () => {
    const { answer, log } = teacherAt('http://user:secret@127.0.0.1:9/v1');
    const reason = reasonOf(await answer());
    expect(reason).toMatch(/^ada cannot be reached at 127\.0\.0\.1:9/);
    expect(reason + log.join()).not.toContain('secret');
  });
});

describe('the key', () => {
  const reply = { kind: 'reply', text: 'Berlin' } as const;

  it('travels in the header alone', async () => {
    const server = await serve(reply, { key: 'sk-right-0123456789' });
    expect(await teacherAt(server.url, { apiKey: () => Promise.resolve('  sk-right-0123456789\n') }).answer()).toMatchObject({ ok: true });
    expect(JSON.stringify(server.requests[0]?.body)).not.toContain('sk-right');
    expect(server.requests[0]?.path).toBe('/v1/chat/completions');
  });

  it('is asked for once, however many questions are turned down together', async () => {
    const server = await serve(reply, { key: 'sk-right-0123456789' });
    const asked: boolean[] = [];
    const { answer } = teacherAt(server.url, {
      apiKey: (_, refused) => {
        asked.push(refused);
        return Promise.resolve(refused ? 'sk-right-0123456789' : 'sk-stale');
      },
    });
    const answers = await Promise.all([answer(), answer(), answer(), answer()]);
    expect(answers.map(reasonOf)).toEqual(Array(4).fill('answered: Berlin'));
    expect(asked).toEqual([false, true]);
  });

  it('that is refused twice fails its questions, and the next ones without a call', async () => {
    const server = await serve(reply, { key: 'sk-right-0123456789' });
    const { answer, log } = teacherAt(server.url, { apiKey: () => Promise.resolve('sk-wrong-9876543210') });
    expect(reasonOf(await answer())).toBe('the key for ada was refused');
    const calls = server.requests.length;
    expect(reasonOf(await answer())).toBe('the key for ada was refused');
    expect(server.requests).toHaveLength(calls);
    expect(log.join()).not.toContain('sk-wrong');
  });

  it('that nobody gives is named as missing', async () => {
    const server = await serve(reply, { key: 'sk-right-0123456789' });
    expect(reasonOf(await teacherAt(server.url).answer())).toBe('ada needs a key and none was given');
  });

  it('is not asked for where the settings say that there is none', async () => {
    const server = await serve(reply, { key: 'sk-right-0123456789' });
    const { answer } = teacherAt(server.url, { needsKey: false, apiKey: () => Promise.reject(new Error('asked')) });
    expect(reasonOf(await answer())).toBe('ada asks for a key (401), but its settings say that it needs none');
  });

  it('that no header can carry is refused before it travels', async () => {
    const server = await serve(reply);
    expect(reasonOf(await teacherAt(server.url, { apiKey: () => Promise.resolve('sk-ü\r\nX-Evil: 1') }).answer())).toBe(
      'the key for ada holds characters that no HTTP header can carry',
    );
    expect(server.requests).toHaveLength(0);
  });

  it.each([
    ['an error', { kind: 'status', status: 403, message: 'sk-right-0123456789 may not do this' }, 'ada answered 403: [key] may not do this'],
    ['a reply', { kind: 'reply', text: 'Your key is sk-right-0123456789.' }, 'ada sent its key back in the reply'],
  ] as const)('that comes back in %s is not shown', async (_, behaviour, reason) => {
    const server = await serve(behaviour);
    expect(reasonOf(await teacherAt(server.url, { apiKey: () => Promise.resolve('sk-right-0123456789') }).answer())).toBe(reason);
  });
});

describe('cancelling', () => {
  it.each([
    ['before the first byte', { kind: 'hang' }],
    ['in the middle of a reply', { kind: 'hang', after: 'Ber' }],
  ] as const)('ends a question %s with the reason of the signal', async (_, behaviour) => {
    const server = await serve(behaviour);
    const controller = new AbortController();
    const running = teacherAt(server.url).answer(berlin, controller.signal);
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });
});

it('keeps to its limit of requests at once', async () => {
  const server = await serve({ kind: 'reply', text: 'Berlin', delayMs: 15 });
  const { answer } = teacherAt(server.url, { concurrency: 2 });
  await Promise.all(Array.from({ length: 6 }, () => answer()));
  expect(server.requests).toHaveLength(6);
  expect(server.peak()).toBe(2);
});
