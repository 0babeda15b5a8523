import { appendFile, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Proposal } from '../../../src/core/proposals/proposal';
import { parseLine } from '../../../src/core/record/parseRecord';
import type { Measurement } from '../../../src/core/scores/catalogue';
import type { TeacherConfig } from '../../../src/core/teachers/teacher';
import type { ProposalRequest, ProposalRun, ScoreItem } from '../../../src/engine/engine';
import { type ProposalService, type ProposalServiceDeps, createProposalService } from '../../../src/engine/proposals/proposalService';
import { type ChatBehaviour, type ChatScript, type ChatServer, startChatServer } from '../../support/chatServer';
import { RecordingLogger, temporaryFolder } from '../../support/engineFixture';

const dataset = path.resolve('/datasets/fruit.jsonl');

/** The request for a record `{instruction, output}` that stands on `line`. */
function request(line: number, instruction: string, output = `old answer to ${instruction}`, file = dataset): ProposalRequest {
  const parsed = parseLine(JSON.stringify({ instruction, output }));
  const record = parsed.status === 'ok' ? parsed.record : undefined;
  const exchange = record?.exchanges[0];
  if (record === undefined || exchange === undefined) throw new Error('no exchange');
  return { file, line, recordKey: record.key, promptKey: record.promptKey, exchange };
}

const three = [request(1, 'one'), request(2, 'two'), request(3, 'three')];

/** Answers `two` with `new answer to two`, or as told by `others`. */
function answering(others: Readonly<Record<string, ChatBehaviour>> = {}): ChatScript {
  return ({ body }) => {
    const asked = body?.messages.at(-1)?.content ?? '';
    return others[asked] ?? { kind: 'reply', text: `new answer to ${asked}` };
  };
}

async function serve(script: ChatScript): Promise<ChatServer> {
  const server = await startChatServer(script);
  onTestFinished(() => server.close());
  return server;
}

/** Rewards a response by its length. */
function rewardByLength(items: readonly ScoreItem[]): Promise<ReadonlyMap<string, Measurement>> {
  return Promise.resolve(new Map(items.map(({ key, response }) => [key, { key, reward: { scorer: 'length@1', value: response.length } }])));
}

interface Bench {
  readonly storageDir: string;
  readonly logger: RecordingLogger;
  /** A service over the same folder, as another window or the next start would open it. */
  readonly start: (deps?: Partial<ProposalServiceDeps>) => ProposalService;
}

async function bench(teachers: readonly TeacherConfig[]): Promise<Bench> {
  const storageDir = await temporaryFolder(onTestFinished);
  const logger = new RecordingLogger();
  const start = (deps: Partial<ProposalServiceDeps> = {}): ProposalService => {
    const service = createProposalService({
      storageDir,
      logger,
      now: () => new Date('2025-03-01T12:00:00Z'),
      apiKey: () => Promise.resolve(undefined),
      teachers: () => teachers,
      score: rewardByLength,
      backoff: { random: () => 0, sleep: () => Promise.resolve() },
      ...deps,
    });
    onTestFinished(() => service.dispose());
    return service;
  };
  return { storageDir, logger, start };
}

function ada(server: ChatServer, config: { readonly temperature?: number; readonly concurrency?: number } = {}): TeacherConfig {
  return { kind: 'openai', id: 'ada', baseUrl: server.url, model: 'test-model', ...config };
}

const regenerate = (requests: readonly ProposalRequest[], more: Partial<ProposalRun> = {}): ProposalRun => ({ requests, teacher: 'ada', mode: 'regenerate', ...more });

/** `line status: response or reason`. */
function brief(proposals: readonly Proposal[]): readonly string[] {
  return proposals.map(({ line, status, response, reason }) => `${line} ${status}: ${response ?? reason ?? ''}`);
}

describe('asking a teacher', () => {
  it('proposes a response for each request, with its place, its source and the scores on both sides', async () => {
    const server = await serve(answering());
    const { start } = await bench([ada(server)]);
    const [proposal] = await start().propose(regenerate([request(7, 'one', 'uno')]));
    expect(proposal).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}\.[0-9a-f]{16}$/) as string,
      file: dataset,
      line: 7,
      recordKey: request(7, 'one', 'uno').recordKey,
      promptKey: request(7, 'one', 'uno').promptKey,
      exchange: 'response',
      path: ['output'],
      mode: 'regenerate',
      teacher: 'ada',
      status: 'pending',
      response: 'new answer to one',
      provenance: {
        teacher: 'ada',
        model: 'test-model-0001',
        parameters: {},
        promptTemplate: 'chat@1',
        time: '2025-03-01T12:00:00.000Z',
        usage: { promptTokens: 1, completionTokens: 4 },
        requestId: 'req-1',
      },
      before: { key: request(7, 'one', 'uno').exchange.key, reward: { scorer: 'length@1', value: 3 } },
      after: { key: request(7, 'one', 'new answer to one').exchange.key, reward: { scorer: 'length@1', value: 17 } },
    });
  });

  it('goes on when some requests fail, and keeps the order of the requests', async () => {
    const server = await serve(answering({ two: { kind: 'status', status: 400, message: 'no' }, three: { kind: 'half', text: 'thr' } }));
    const { start } = await bench([ada(server)]);
    const progress: string[] = [];
    const proposals = await start().propose(regenerate([...three, request(4, 'four')], { onProgress: (done, total) => progress.push(`${done}/${total}`) }));
    expect(brief(proposals)).toEqual([
      '1 pending: new answer to one',
      '2 failed: ada answered 400: no',
      '3 failed: the reply of ada stopped midway',
      '4 pending: new answer to four',
    ]);
    expect(progress).toEqual(['1/4', '2/4', '3/4', '4/4']);
  });

  it('has every answer on disk before it hands it out', async () => {
    const server = await serve(answering({ two: { kind: 'status', status: 400 } }));
    const { start, storageDir } = await bench([ada(server)]);
    const seen: Promise<boolean>[] = [];
    const folder = path.join(storageDir, 'proposals');
    const isKept = async (id: string): Promise<boolean> => {
      const [name = ''] = await readdir(folder);
      return (await readFile(path.join(folder, name), 'utf8')).includes(id);
    };
    await start().propose(regenerate(three, { onProposal: ({ id }) => seen.push(isKept(id)) }));
    expect(await Promise.all(seen)).toEqual([true, true, true]);
  });

  it('streams the text of a single request', async () => {
    const server = await serve(answering());
    const { start } = await bench([ada(server)]);
    const texts: string[] = [];
    await start().propose(regenerate([request(1, 'one')], { onText: (text) => texts.push(text) }));
    expect(texts.at(-1)).toBe('new answer to one');
  });

  it('asks once about records that are equal, and proposes for each of them', async () => {
    const server = await serve(answering());
    const { start } = await bench([ada(server)]);
    const proposals = await start().propose(regenerate([request(1, 'one'), request(9, 'one')]));
    expect(brief(proposals)).toEqual(['1 pending: new answer to one', '9 pending: new answer to one']);
    expect(new Set(proposals.map(({ id }) => id)).size).toBe(2);
    expect(server.requests).toHaveLength(1);
  });

  it('knows no teacher that is not configured', async () => {
    const { start } = await bench([{ kind: 'file', id: 'wise', path: 'wise.jsonl' }]);
    await expect(start().propose(regenerate(three))).rejects.toThrow('There is no teacher "ada". Known: wise.');
  });

  it('takes responses out of a file as well', async () => {
    const { start, storageDir } = await bench([]);
    const file = path.join(storageDir, 'wise.jsonl');
    await writeFile(file, '{"instruction":"two","output":"deux"}\n');
    const service = start({ teachers: () => [{ kind: 'file', id: 'wise', path: file }] });
    expect(brief(await service.propose({ ...regenerate(three), teacher: 'wise' }))).toEqual([
      `1 failed: ${file} has no response to this instruction (line 1)`,
      '2 pending: deux',
      `3 failed: ${file} has no response to this instruction (line 3)`,
    ]);
  });
});

describe('scores of proposals', () => {
  it('may fail without losing a proposal, and are made up for by the next run', async () => {
    const server = await serve(answering());
    const { start, logger } = await bench([ada(server)]);
    const unscored = await start({ score: () => Promise.reject(new Error('no model')) }).propose(regenerate([request(1, 'one')]));
    expect(brief(unscored)).toEqual(['1 pending: new answer to one']);
    expect(unscored[0]?.after).toBeUndefined();
    expect(logger.lines).toContain('warn: Proposals could not be scored {"proposals":1,"reason":"no model"}');
    const [again] = await start().propose(regenerate([request(1, 'one')]));
    expect(again).toMatchObject({ id: unscored[0]?.id, after: { reward: { value: 17 } } });
    expect(server.requests).toHaveLength(1);
  });

  it('are asked for together when answers come together', async () => {
    const { start, storageDir } = await bench([]);
    const file = path.join(storageDir, 'wise.jsonl');
    await writeFile(file, Array.from({ length: 100 }, (_, index) => `{"instruction":"q${index}","output":"a${index}"}\n`).join(''));
    const calls: number[] = [];
    const service = start({
      teachers: () => [{ kind: 'file', id: 'wise', path: file }],
      score: (items) => {
        calls.push(items.length);
        return rewardByLength(items);
      },
    });
    const proposals = await service.propose({ ...regenerate(Array.from({ length: 100 }, (_, index) => request(index + 1, `q${index}`))), teacher: 'wise' });
    expect(proposals.every(({ after }) => after !== undefined)).toBe(true);
    expect(calls.reduce((sum, count) => sum + count, 0)).toBe(200);
    expect(calls.length).toBeLessThan(20);
  });
});

describe('what is kept', () => {
  it('is there after a restart, with the last decision on each', async () => {
    const server = await serve(answering({ three: { kind: 'status', status: 400 } }));
    const { start } = await bench([ada(server)]);
    const service = start();
    const [one, two] = await service.propose(regenerate(three));
    await service.resolveProposal(one?.id ?? '', 'accepted');
    await service.resolveProposal(two?.id ?? '', 'accepted');
    await service.resolveProposal(two?.id ?? '', 'rejected');
    await service.dispose();
    const kept = await start().proposals(dataset);
    expect(kept.map(({ line, status }) => `${line} ${status}`).sort()).toEqual(['1 accepted', '2 rejected', '3 failed']);
    expect(kept.find(({ id }) => id === one?.id)).toEqual({ ...one, status: 'accepted' });
  });

  it('is listed by dataset, or for all of them', async () => {
    const server = await serve(answering());
    const { start } = await bench([ada(server)]);
    const service = start();
    const other = path.resolve('/datasets/other.jsonl');
    await service.propose(regenerate([request(1, 'one'), request(1, 'two', 'old', other)]));
    expect(brief(await service.proposals(other))).toEqual(['1 pending: new answer to two']);
    expect(brief(await service.proposals()).toSorted()).toEqual(['1 pending: new answer to one', '1 pending: new answer to two']);
    expect(await service.proposals('/datasets/unknown.jsonl')).toEqual([]);
  });

  it('is seen by a second window at once', async () => {
    const server = await serve(answering());
    const { start } = await bench([ada(server)]);
    const [first, second] = [start(), start()];
    const [proposal] = await first.propose(regenerate([request(1, 'one')]));
    expect(brief(await second.proposals(dataset))).toEqual(['1 pending: new answer to one']);
    await second.resolveProposal(proposal?.id ?? '', 'rejected');
    expect(brief(await first.proposals(dataset))).toEqual(['1 rejected: new answer to one']);
  });

  it('survives a line that was being written and lines that say nothing', async () => {
    const server = await serve(answering());
    const { start, storageDir, logger } = await bench([ada(server)]);
    await start().propose(regenerate([request(1, 'one')]));
    const folder = path.join(storageDir, 'proposals');
    const [name = ''] = await readdir(folder);
    await appendFile(path.join(folder, name), '{"event":"nonsense"}\n{"event":"proposed","request":"ab');
    const next = start();
    expect(brief(await next.proposals(dataset))).toEqual(['1 pending: new answer to one']);
    expect(logger.lines).toContain(`warn: Proposal journal holds lines that cannot be read {"file":${JSON.stringify(path.join(folder, name))},"torn":true,"rejected":1}`);
    await next.propose(regenerate([request(2, 'two')]));
    expect(brief(await start().proposals(dataset))).toEqual(['1 pending: new answer to one', '2 pending: new answer to two']);
  });

  it.each(['', 'nonsense', '../../etc/passwd', `${'0'.repeat(32)}.${'0'.repeat(16)}`])('holds no proposal %j to decide on', async (id) => {
    const { start } = await bench([]);
    await expect(start().resolveProposal(id, 'accepted')).rejects.toThrow(`There is no proposal ${JSON.stringify(id)}.`);
  });
});

describe('asking the same again', () => {
  it('takes what is pending from the journal, and asks again for what failed', async () => {
    const server = await serve(answering({ two: { kind: 'status', status: 400 } }));
    const { start } = await bench([ada(server)]);
    const first = await start().propose(regenerate(three));
    server.become(answering());
    const second = await start().propose(regenerate(three));
    expect(brief(second)).toEqual(['1 pending: new answer to one', '2 pending: new answer to two', '3 pending: new answer to three']);
    expect(second[0]).toEqual(first[0]);
    expect(server.requests.map(({ body }) => body?.messages[0]?.content).toSorted()).toEqual(['one', 'three', 'two', 'two']);
    expect(brief(await start().proposals(dataset)).toSorted()).toEqual(brief(second));
  });

  it.each([
    ['other parameters', { temperature: 0.9 }, {}],
    ['another mode', {}, { mode: 'refine' }],
  ] as const)('asks again with %s', async (_, config, run) => {
    const server = await serve({ kind: 'reply', text: '[Better Answer]x[End]' });
    const { start } = await bench([ada(server)]);
    await start().propose(regenerate([request(1, 'one')]));
    await start({ teachers: () => [ada(server, config)] }).propose(regenerate([request(1, 'one')], run));
    expect(server.requests).toHaveLength(2);
  });

  it('asks again for a record that was edited, or whose proposal was rejected', async () => {
    const server = await serve(answering());
    const { start } = await bench([ada(server)]);
    const service = start();
    const [proposal] = await service.propose(regenerate([request(1, 'one')]));
    await service.resolveProposal(proposal?.id ?? '', 'rejected');
    await service.propose(regenerate([request(1, 'one')]));
    await service.propose(regenerate([request(1, 'one', 'edited')]));
    expect(server.requests).toHaveLength(3);
  });

  it('pays for nothing twice after a kill', async () => {
    const server = await serve(answering({ three: { kind: 'hang' } }));
    const { start } = await bench([ada(server)]);
    const kept: string[] = [];
    // Nothing of this run is closed or told to stop: what the next start finds is what was on disk.
    const killed = start();
    const running = killed.propose(regenerate(three, { onProposal: ({ response }) => kept.push(response ?? '') }));
    running.catch(() => undefined);
    await vi.waitFor(() => expect(kept).toHaveLength(2));
    await vi.waitFor(() => expect(server.requests).toHaveLength(3));
    server.become(answering());
    expect(brief(await start().propose(regenerate(three)))).toEqual(['1 pending: new answer to one', '2 pending: new answer to two', '3 pending: new answer to three']);
    expect(server.requests).toHaveLength(4);
  });
});

describe('stopping', () => {
  it('rejects with the reason of the signal and leaves what was finished', async () => {
    const server = await serve(answering({ two: { kind: 'hang', after: 'half of tw' } }));
    const { start } = await bench([ada(server, { concurrency: 2 })]);
    const service = start();
    const controller = new AbortController();
    const handed: Proposal[] = [];
    const running = service.propose(regenerate([request(1, 'one'), request(2, 'two'), request(3, 'three')], { signal: controller.signal, onProposal: (proposal) => handed.push(proposal) }));
    await vi.waitFor(() => expect(handed).toHaveLength(2));
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(brief(await service.proposals(dataset)).toSorted()).toEqual(['1 pending: new answer to one', '3 pending: new answer to three']);
  });

  it('asks nothing when it is cancelled already', async () => {
    const server = await serve(answering());
    const { start } = await bench([ada(server)]);
    await expect(start().propose(regenerate(three, { signal: AbortSignal.abort(new Error('too late')) }))).rejects.toThrow('too late');
    expect(server.requests).toHaveLength(0);
  });

  it('ends running questions when the service is disposed', async () => {
    const server = await serve({ kind: 'hang' });
    const { start } = await bench([ada(server)]);
    const service = start();
    const running = service.propose(regenerate(three));
    const outcome = expect(running).rejects.toThrow('Cupel is shutting down.');
    await vi.waitFor(() => expect(server.requests).toHaveLength(3));
    await service.dispose();
    await outcome;
  });

  it('asks nothing when answers cannot be kept', async () => {
    const server = await serve(answering());
    const { start, storageDir } = await bench([ada(server)]);
    await writeFile(path.join(storageDir, 'proposals'), 'a file where the folder should be');
    await expect(start().propose(regenerate(three))).rejects.toThrow(/^The folder of scores and proposals cannot be used: /);
    expect(server.requests).toHaveLength(0);
  });
});
