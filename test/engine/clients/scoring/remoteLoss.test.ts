import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LossServer } from '../../../../src/core/scores/scorerSpec';
import { createRemoteLoss } from '../../../../src/engine/clients/scoring/remoteLoss';
import type { RemoteScorerDeps } from '../../../../src/engine/clients/scoring/remoteScorer';
import type { ScoreItem } from '../../../../src/engine/engine';
import { idsOf, nats, tokensOf } from '../../../support/scoringServers/bigramModel';
import { startSglang, startTgi, startVllm } from '../../../support/scoringServers/lossServers';
import { remoteDeps } from '../../../support/scoringServers/remoteDeps';
import type { Answer, ScoringServer, Trouble } from '../../../support/scoringServers/scoringServer';

const opened: ScoringServer[] = [];

afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});

async function serve(starting: Promise<ScoringServer>): Promise<ScoringServer> {
  const server = await starting;
  opened.push(server);
  return server;
}

const madrid: ScoreItem = { key: 'madrid', prompt: 'Name the capital of Spain.', response: 'Madrid is the capital of Spain.' };
const pear: ScoreItem = { key: 'pear', prompt: 'Name a fruit.', response: 'A pear.' };

interface Setup extends Partial<RemoteScorerDeps> {
  readonly server?: LossServer;
  readonly model?: string;
  readonly preset?: 'superfiltering' | 'cherry';
}

function lossAt(baseUrls: readonly string[], { server = 'vllm', model, preset = 'superfiltering', ...changes }: Setup = {}) {
  const { deps, waits, log } = remoteDeps(changes);
  const scorer = createRemoteLoss({ kind: 'server', server, baseUrls, ...(model !== undefined && { model }) }, preset, deps);
  return { scorer, waits, log, measure: (items: readonly ScoreItem[] = [madrid], signal = new AbortController().signal) => scorer.measure(items, signal) };
}

/** What the superfiltering procedure adds up under the test's model. */
function byHand({ prompt, response }: ScoreItem) {
  const start = tokensOf(`${prompt}\n`).length;
  const end = tokensOf(`${prompt}\n${response}`).length;
  return {
    cond: { sum: closeTo(nats(`${prompt}\n${response}`, start)), tokens: end - start },
    direct: { sum: closeTo(nats(response, 1)), tokens: tokensOf(response).length - 1 },
    prompt: { sum: closeTo(nats(prompt, 1)), tokens: tokensOf(prompt).length - 1 },
  };
}

function closeTo(value: number): number {
  return expect.closeTo(value, 9) as number;
}

/** The first reason, with the address made the same in every run. */
function reasonOf(batch: { readonly failed: readonly { readonly reason: string }[] }): string | undefined {
  return batch.failed[0]?.reason.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST');
}

describe.each([
  ['vllm', startVllm],
  ['sglang', startSglang],
  ['tgi', startTgi],
] as const)('losses from %s', (server, start) => {
  it('are the sums that the procedure asks for', async () => {
    const { url } = await serve(start());
    const { measured, failed } = await lossAt([url], { server }).measure([madrid, pear]);
    expect(failed).toEqual([]);
    expect([...measured.keys()]).toEqual(['madrid', 'pear']);
    expect(measured.get('madrid')).toEqual({ scorer: `${server}:${url.slice('http://'.length)}/superfiltering`, ...byHand(madrid) });
    expect(measured.get('pear')).toMatchObject(byHand(pear));
  });

  it('follow the cherry procedure with the BOS that the tokenizer adds', async () => {
    const { url } = await serve(start({ bos: 1 }));
    const { measured, failed } = await lossAt([url], { server, preset: 'cherry', model: 'bigram' }).measure([madrid]);
    expect(failed).toEqual([]);
    const found = measured.get('madrid');
    expect(found?.scorer).toBe(`bigram@${server}/cherry`);
    expect(found?.cond?.tokens).toBe(tokensOf(madrid.response).length);
    expect(found?.direct).toMatchObject({ tokens: found?.cond?.tokens });
    const header = '### Response:';
    expect(found?.direct?.sum).toBeCloseTo(nats(`${header}${madrid.response}`, tokensOf(header).length), 9);
  });

  it('stop at the context of the model', async () => {
    const { url } = await serve(start({ contextLength: 48 }));
    const long = { key: 'long', prompt: madrid.prompt, response: `${madrid.response} `.repeat(12).trim() };
    const { measured } = await lossAt([url], { server }).measure([long]);
    const limit = server === 'tgi' ? 47 : 48;
    const start_ = tokensOf(`${long.prompt}\n`).length;
    expect(measured.get('long')?.cond).toEqual({ sum: closeTo(nats(`${long.prompt}\n${long.response}`, start_, limit)), tokens: limit - start_ });
  });

  it('are read from texts of many languages', async () => {
    const { url } = await serve(start());
    const item = { key: 'x', prompt: 'Grüße 東京 😀?', response: '😀 Привет, мир — ok' };
    const { measured } = await lossAt([url], { server }).measure([item]);
    expect(measured.get('x')).toMatchObject(byHand(item));
  });

  it('of a response without tokens are absent with the reason', async () => {
    const { url } = await serve(start());
    const { measured, failed } = await lossAt([url], { server }).measure([{ key: 'empty', prompt: 'Name a fruit.', response: '' }]);
    expect(failed).toEqual([]);
    expect(measured.get('empty')).toMatchObject({ reason: 'response has 0 tokens' });
    expect(measured.get('empty')).not.toHaveProperty('cond');
  });

  it('are asked with ids, or with a text whose ids come back the same', async () => {
    const running = await serve(start());
    await lossAt([running.url], { server }).measure([madrid]);
    const whole = `${madrid.prompt}\n${madrid.response}`;
    const bodies = running.requests.filter(({ path }) => ['/v1/completions', '/generate'].includes(path)).map(({ body }) => body.prompt ?? body.input_ids ?? body.inputs);
    expect(bodies).toContainEqual(server === 'tgi' ? whole : idsOf(whole));
  });
});

describe('the surprise of single tokens', () => {
  it.each([
    ['vllm', startVllm],
    ['tgi', startTgi],
  ] as const)('comes from %s with its place in the response', async (server, start) => {
    const { url } = await serve(start());
    const { scorer } = lossAt([url], { server });
    const losses = await scorer.tokenLosses?.(madrid, new AbortController().signal);
    expect(losses?.scorer).toBe(scorer.id);
    expect(losses?.tokens.map(({ start: from, end }) => madrid.response.slice(from, end))).toEqual(tokensOf(madrid.response));
    const whole = `${madrid.prompt}\n${madrid.response}`;
    const begin = tokensOf(`${madrid.prompt}\n`).length;
    for (const [i, { cond, direct }] of (losses?.tokens ?? []).entries()) {
      expect(cond).toBeCloseTo(nats(whole, begin + i, begin + i + 1), 5);
      if (i === 0) expect(direct).toBeUndefined();
      else expect(direct).toBeCloseTo(nats(madrid.response, i, i + 1), 5);
    }
  });

  it('is not offered by SGLang, which does not place its tokens', async () => {
    const { url } = await serve(startSglang());
    expect(lossAt([url], { server: 'sglang' }).scorer.tokenLosses).toBeUndefined();
  });

  it('of a vLLM too old to place its tokens is refused with the remedy', async () => {
    const server = await serve(startVllm());
    server.become(({ path }) => (path === '/tokenize' ? { kind: 'rewritten', rewrite: (json) => json.replace(/"token_strs":\[.*?\]/, '"token_strs":null') } : undefined));
    await expect(lossAt([server.url]).scorer.tokenLosses?.(madrid, new AbortController().signal)).rejects.toThrow(
      `${server.url} does not tell where its tokens stand in the text; update vLLM, or choose a local checkpoint to see the surprise of tokens.`,
    );
  });
});

describe('the ways of vLLM', () => {
  it.each([
    ['without generating where that is allowed', {}, 0],
    ['by one generated token, left out, where none is refused', { refusesZeroTokens: true }, 1],
    ['by entries that name no ids', { namesIds: false }, 0],
  ] as const)('measure %s', async (_, options, generated) => {
    const server = await serve(startVllm(options));
    const { measured } = await lossAt([server.url]).measure();
    expect(measured.get('madrid')).toMatchObject(byHand(madrid));
    expect(server.requests.at(-1)?.body).toMatchObject({ echo: true, logprobs: 1, max_tokens: generated, temperature: 0, model: 'bigram' });
  });

  it('fall back to prompt_logprobs', async () => {
    const server = await serve(startVllm());
    const withoutEcho = (answer: Answer): unknown => ({ ...answer, choices: [{ ...answer.choices[0], logprobs: null }] });
    server.become(({ path }) => (path === '/v1/completions' ? { kind: 'altered', alter: withoutEcho } : undefined));
    const { measured } = await lossAt([server.url]).measure();
    expect(measured.get('madrid')).toMatchObject(byHand(madrid));
    expect(server.requests.at(-1)?.body).toMatchObject({ prompt_logprobs: 0, max_tokens: 1 });
  });
});

describe('a tokenizer', () => {
  it('on this machine serves where the server has none', async () => {
    const server = await serve(startVllm({ tokenizes: false }));
    const asked: string[] = [];
    const localTokenizer = (model: string) => {
      asked.push(model);
      return Promise.resolve({ encode: idsOf });
    };
    const { measured } = await lossAt([server.url], { localTokenizer }).measure();
    expect(measured.get('madrid')).toMatchObject(byHand(madrid));
    expect(asked).toEqual(['bigram']);
  });

  it('that is nowhere is named with the remedy', async () => {
    const { url } = await serve(startVllm({ tokenizes: false }));
    await expect(lossAt([url]).measure()).rejects.toThrow(
      `${url} has no /tokenize, and the tokenizer of bigram is not on this machine; update the server, or put the model's tokenizer.json into the Hugging Face cache and name the model.`,
    );
  });

  it('of TGI that adds a BOS where the procedure has none is refused', async () => {
    const { url } = await serve(startTgi({ bos: 1 }));
    await expect(lossAt([url], { server: 'tgi' }).measure()).rejects.toThrow(
      `${url} puts a BOS before every text, and the superfiltering procedure has none; measure with the cherry procedure, or serve the model with vLLM or SGLang.`,
    );
  });
});

const scored: Record<LossServer, string> = { vllm: '/v1/completions', sglang: '/generate', tgi: '/generate' };

/** Trouble with the passes of records once the probe is over. */
async function troubled(server: LossServer, trouble: Trouble | ((number: number) => Trouble | undefined), setup: Setup = {}) {
  const running = await serve({ vllm: startVllm, sglang: startSglang, tgi: startTgi }[server]());
  const { scorer, measure, waits, log } = lossAt([running.url], { server, ...setup });
  await scorer.probe(new AbortController().signal);
  const before = running.requests.length;
  running.become(({ path }, number) => (path !== scored[server] ? undefined : typeof trouble === 'function' ? trouble(number) : trouble));
  const passes = () => running.requests.slice(before).filter(({ path }) => path === scored[server]).length;
  return { measure, waits, log, running, passes };
}

function entries(server: LossServer, { choices, meta_info, details }: Answer): unknown[] {
  if (server === 'vllm') return choices[0].logprobs?.token_logprobs ?? [];
  return server === 'sglang' ? meta_info.input_token_logprobs : details.prefill;
}

/** Changes the log-probability at `at`. */
function withEntry(server: LossServer, at: number, value: number | null): Trouble {
  const alter = (answer: Answer): Answer => {
    const all = entries(server, answer);
    const entry = all[at];
    if (Array.isArray(entry)) entry[0] = value;
    else if (typeof entry === 'object') Object.assign(entry ?? {}, { logprob: value });
    else all[at] = value;
    return answer;
  };
  return { kind: 'altered', alter };
}

function withEntries(server: LossServer, change: (all: unknown[]) => void): Trouble {
  const alter = (answer: Answer): Answer => {
    change(entries(server, answer));
    return answer;
  };
  return { kind: 'altered', alter };
}

describe.each(['vllm', 'sglang', 'tgi'] as const)('a record that %s answers wrongly', (server) => {
  it.each([
    ['too few entries', withEntries(server, (all) => void all.pop()), /^http:\/\/HOST gave \d+ log-probabilit(y|ies) for \d+ prompt tokens; check its version and its log\.$/],
    ['too many entries', withEntries(server, (all) => void all.push(all[1])), /^http:\/\/HOST gave \d+ log-probabilities for \d+ prompt tokens/],
    ['null in the middle', withEntry(server, 1, null), /^http:\/\/HOST gave null for token \d+, where only the first may have none/],
    ['a probability above one', withEntry(server, 1, 0.5), /^http:\/\/HOST gave 0.5 for token \d+, and no log-probability is above 0/],
    ['minus infinity as vLLM writes it', withEntry(server, 1, -9999), /^http:\/\/HOST gave -9999 for token \d+, which is no finite log-probability/],
    ['a number beyond all numbers', { kind: 'rewritten', rewrite: (json: string) => json.replaceAll(/-\d+\.\d+/g, '-1e999') }, /^http:\/\/HOST gave -Infinity for token \d+, which is no finite log-probability/],
    ['NaN', { kind: 'rewritten', rewrite: (json: string) => json.replaceAll(/-\d+\.\d+/g, 'NaN') }, /^http:\/\/HOST\/\S+ answered with NaN or Infinity where a number belongs; look into the log/],
    ['truncated JSON', { kind: 'truncated' }, /^http:\/\/HOST\/\S+ answered with JSON that ends too early or is broken; check that this is the address of (vLLM|SGLang|TGI)\.$/],
    ['a web page', { kind: 'raw', contentType: 'text/html', body: '<html>Sign in</html>' }, /^http:\/\/HOST\/\S+ answered with text\/html that is no JSON; check/],
    ['another JSON', { kind: 'raw', body: '[1, {"a": null}]' }, /^http:\/\/HOST gave no log-probabilities of the prompt/],
    ['null', { kind: 'raw', body: 'null' }, /^http:\/\/HOST gave no log-probabilities of the prompt/],
    ['half a reply', { kind: 'half' }, /^The reply of http:\/\/HOST\/\S+ stopped midway; score again\.$/],
    ['a refusal', { kind: 'status', status: 400, message: "This model's maximum\ncontext length is 16 tokens." }, /^http:\/\/HOST\/\S+ answered 400: This model's maximum context length is 16 tokens\.$/],
    ['busy for good', { kind: 'status', status: 429 }, /^http:\/\/HOST asks to slow down \(429\): as scripted; score again when it has recovered\.$/],
    ['broken for good', { kind: 'status', status: 500, message: 'CUDA out of memory' }, /^http:\/\/HOST\/\S+ answered 500: CUDA out of memory; score again when it has recovered\.$/],
  ] as const)('because of %s fails with the reason', async (_, trouble, reason) => {
    const { measure } = await troubled(server, trouble);
    const batch = await measure([madrid, pear]);
    expect(batch.measured.size).toBe(0);
    expect(batch.failed.map(({ key }) => key).sort()).toEqual(['madrid', 'pear']);
    expect(reasonOf(batch)).toMatch(reason);
  });

  it('by tokens that were not sent fails with the reason', async () => {
    const alter = (answer: Answer): unknown => {
      if (server === 'vllm') answer.choices[0].logprobs?.tokens.splice(2, 1, 'token_id:7');
      else if (server === 'sglang') answer.meta_info.input_token_logprobs.splice(1, 1, [-1, 7, null]);
      else answer.details.prefill.splice(2, 1, { id: 7, logprob: -1 });
      return answer;
    };
    const { measure } = await troubled(server, { kind: 'altered', alter });
    expect(reasonOf(await measure())).toMatch(/^http:\/\/HOST scored other tokens than those sent \(token \d+ is 7 and not \d+\)/);
  });

  it('is alone in that: the others are measured', async () => {
    const { measure } = await troubled(server, (number) => (number === 1 ? { kind: 'truncated' } : undefined));
    const { measured, failed } = await measure([madrid, pear]);
    expect(failed).toHaveLength(1);
    expect(measured.size).toBe(1);
  });
});

it('takes a hair above 0 for rounding', async () => {
  const { measure } = await troubled('vllm', withEntry('vllm', 1, 1e-6));
  expect((await measure()).failed).toEqual([]);
});

describe('asking again', () => {
  it.each([
    ['waits as long as a busy server asks', { kind: 'status', status: 429, headers: { 'retry-after': '7' } }, 7000],
    ['waits after a server error', { kind: 'status', status: 503 }, 250],
    ['waits after a conflict', { kind: 'status', status: 409 }, 250],
    ['waits after a dropped connection', { kind: 'drop' }, 250],
    ['waits after half a reply', { kind: 'half' }, 250],
  ] as const)('%s, and gets the same figures', async (_, trouble, wait) => {
    const { measure, waits } = await troubled('vllm', (number) => (number === 1 ? trouble : undefined));
    expect((await measure()).measured.get('madrid')).toMatchObject(byHand(madrid));
    expect(waits).toEqual([wait]);
  });

  it.each([400, 403, 404, 501])('does not follow %i', async (status) => {
    const { measure, waits } = await troubled('vllm', { kind: 'status', status });
    await measure().catch(() => undefined);
    expect(waits).toEqual([]);
  });
});

describe('limits', () => {
  it('break off a reply of 100 MB', async () => {
    const { measure } = await troubled('vllm', { kind: 'raw', body: ' '.repeat(1024 * 1024), repeat: 100 });
    expect(reasonOf(await measure([{ ...pear, response: 'A' }]))).toBe('The reply of http://HOST/v1/completions is larger than 32 MB; check that this is the address of vLLM.');
  });

  it('give up a silent server', async () => {
    const { measure } = await troubled('vllm', { kind: 'hang' }, { limits: { idleMs: 150, maxReplyBytes: 1024 * 1024 } });
    await expect(measure()).rejects.toThrow(/^http:\/\/127\.0\.0\.1:\d+ sent nothing for 0\.15 s; see whether it hangs or is overloaded, and score again\.$/);
  });

  it('hold eight requests at once', async () => {
    const server = await serve(startVllm());
    const items = Array.from({ length: 40 }, (_, i) => ({ key: String(i), prompt: `Name ${i} fruit.`, response: `A pear and ${i}.` }));
    server.become(() => ({ kind: 'late', milliseconds: 5 }));
    const { measured } = await lossAt([server.url], { model: 'bigram' }).measure(items);
    expect(measured.size).toBe(40);
    expect(server.peak()).toBe(8);
  });
});

describe('cancelling', () => {
  it.each(['while it probes', 'while it measures'])('%s ends with the reason of the signal and closes the connections within a second', async (when) => {
    const server = await serve(startVllm());
    const { scorer, measure } = lossAt([server.url]);
    if (when === 'while it measures') await scorer.probe(new AbortController().signal);
    server.become(({ path }) => (path === '/v1/completions' ? { kind: 'hang' } : undefined));
    const controller = new AbortController();
    const running = measure([madrid, pear], controller.signal);
    await vi.waitFor(() => expect(server.requests.at(-1)?.path).toBe('/v1/completions'));
    const began = performance.now();
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await vi.waitFor(() => expect(server.open()).toBe(0));
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it('one run leaves another that waits for the same probe alone', async () => {
    const server = await serve(startVllm());
    server.become(({ path }, number) => (path === '/v1/models' && number === 1 ? { kind: 'hang' } : undefined));
    const { measure } = lossAt([server.url]);
    const controller = new AbortController();
    const first = measure([madrid], controller.signal);
    const second = measure([pear]);
    await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(0));
    controller.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    expect((await second).measured.get('pear')).toMatchObject(byHand(pear));
  });
});

describe('replicas', () => {
  const many = Array.from({ length: 12 }, (_, i) => ({ key: String(i), prompt: `Name ${i} fruit.`, response: `A pear and ${i}.` }));

  it('are used in turn', async () => {
    const servers = [await serve(startVllm()), await serve(startVllm())];
    const { scorer, measure } = lossAt(servers.map(({ url }) => url), { model: 'bigram' });
    const { measured } = await measure(many);
    expect(measured.size).toBe(12);
    const [one = 0, other = 0] = servers.map(({ requests }) => requests.length);
    expect(Math.abs(one - other)).toBeLessThan(12);
    expect(await scorer.probe(new AbortController().signal)).toBe('vLLM 0.11.0 serves bigram with a context of 1,024 tokens at 2 addresses.');
  });

  it('that are down from the start are passed over, and said so once', async () => {
    const up = await serve(startVllm());
    const down = await serve(startVllm());
    await down.close();
    const { measure, log } = lossAt([down.url, up.url], { model: 'bigram' });
    expect((await measure(many)).measured.size).toBe(12);
    expect((await measure([madrid])).measured.size).toBe(1);
    expect(log.filter((line) => line.includes('passed over'))).toHaveLength(1);
    expect(log.join()).toContain(down.url);
  });

  it('that go down in the middle leave their records to the others', async () => {
    const up = await serve(startVllm());
    const failing = await serve(startVllm());
    const { scorer, measure, log } = lossAt([failing.url, up.url], { model: 'bigram' });
    await scorer.probe(new AbortController().signal);
    failing.become((_, number) => (number > 2 ? { kind: 'drop' } : undefined));
    const { measured, failed } = await measure(many);
    expect(failed).toEqual([]);
    expect(measured.size).toBe(12);
    expect(log.filter((line) => line.includes('passed over'))).toHaveLength(1);
  });

  it('that are all down reject with the reason', async () => {
    const servers = [await serve(startVllm()), await serve(startVllm())];
    for (const server of servers) await server.close();
    await expect(lossAt(servers.map(({ url }) => url)).measure()).rejects.toThrow(
      /^http:\/\/127\.0\.0\.1:\d+ cannot be reached \(connection refused\); start vLLM there or correct the address\.$/,
    );
  });

  it('of different models are refused', async () => {
    const servers = [await serve(startVllm()), await serve(startVllm({ models: ['other'] }))];
    await expect(lossAt(servers.map(({ url }) => url)).measure()).rejects.toThrow(/do not serve the same model; name replicas of one model\.$/);
  });
});

describe('a server that comes back', () => {
  it('is probed anew', async () => {
    const server = await serve(startVllm());
    server.become(() => ({ kind: 'drop' }));
    const { measure } = lossAt([server.url]);
    await expect(measure()).rejects.toThrow('it closed the connection');
    server.become(() => undefined);
    expect((await measure()).measured.size).toBe(1);
  });

  it('after it went down in the middle of a run serves the next one', async () => {
    const server = await serve(startVllm());
    const { scorer, measure } = lossAt([server.url]);
    await scorer.probe(new AbortController().signal);
    server.become(() => ({ kind: 'drop' }));
    await expect(measure()).rejects.toThrow('it closed the connection');
    server.become(() => undefined);
    expect((await measure()).measured.size).toBe(1);
  });
});

describe('the key', () => {
  const key = 'sk-right-0123456789';

  it('travels in the header alone, and stands in no id, message or log', async () => {
    const server = await serve(startVllm({ key }));
    const { scorer, measure, log } = lossAt([server.url], { serverKey: () => ` ${key}\n` });
    expect((await measure()).measured.size).toBe(1);
    server.become(({ path }) => (path === '/v1/completions' ? { kind: 'status', status: 400, message: `${key} may not` } : undefined));
    expect(reasonOf(await measure())).toBe('http://HOST/v1/completions answered 400: [key] may not.');
    expect(JSON.stringify(server.requests.map(({ body }) => body))).not.toContain('sk-right');
    expect(scorer.id + log.join()).not.toContain('sk-right');
  });

  it.each([
    ['is missing', undefined, 'http://HOST needs a key (401); set CUPEL_SCORER_KEY.'],
    ['is refused', 'sk-wrong', 'http://HOST refused the key (401); check CUPEL_SCORER_KEY.'],
    ['cannot be sent', 'sk-ü\r\nX-Evil: 1', 'The key for http://HOST holds characters that no HTTP header can carry; correct CUPEL_SCORER_KEY.'],
  ])('that %s is named once, without more calls', async (_, sent, message) => {
    const server = await serve(startVllm({ key }));
    const { measure, waits } = lossAt([server.url], { serverKey: () => sent });
    const error = await measure([madrid, pear]).catch((reason: unknown) => reason);
    expect((error as Error).message.replace(/127\.0\.0\.1:\d+/, 'HOST')).toBe(message);
    expect(waits).toEqual([]);
    expect(server.requests.length).toBeLessThanOrEqual(2);
  });

  it('is not carried to where a redirect points', async () => {
    const elsewhere = await serve(startVllm());
    const server = await serve(startVllm());
    server.become(() => ({ kind: 'status', status: 307, headers: { location: `${elsewhere.url}/v1/models?token=secret` } }));
    const message = `redirects to ${elsewhere.url.slice('http://'.length)}, which is not followed; name the address that answers itself.`;
    await expect(lossAt([server.url], { serverKey: () => key }).measure()).rejects.toThrow(message);
    expect(elsewhere.requests).toEqual([]);
  });
});

describe('an address', () => {
  it('with a user and a password in it sends them as such and shows them nowhere', async () => {
    const server = await serve(startVllm());
    const { scorer, measure, log } = lossAt([server.url.replace('://', '://ada:p%40ss@') + '/v1/']);
    expect((await measure()).measured.size).toBe(1);
    expect(server.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from('ada:p@ss').toString('base64')}`);
    await server.close();
    const error = await scorer.probe(new AbortController().signal).catch((reason: unknown) => reason);
    expect(String(error)).toContain('cannot be reached');
    expect(String(error) + scorer.id + log.join()).not.toMatch(/ada|p@ss|p%40ss/);
  });

  it.each(['nonsense', 'ftp://user:secret@host'])('that is none (%s) is refused', (url) => {
    expect(() => lossAt([url])).toThrow(/is no http address; name the server as http:\/\/HOST:PORT\.$/);
    expect(() => lossAt([url])).not.toThrow('secret');
  });
});
