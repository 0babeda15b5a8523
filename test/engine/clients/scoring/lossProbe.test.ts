import { afterEach, expect, it } from 'vitest';
import type { LossServer } from '../../../../src/core/scores/scorerSpec';
import { createRemoteLoss } from '../../../../src/engine/clients/scoring/remoteLoss';
import { startLlamaServer, startSglang, startTgi, startVllm } from '../../../support/scoringServers/lossServers';
import { remoteDeps } from '../../../support/scoringServers/remoteDeps';
import { startScoringServer, type Answer, type ScoringServer, type Trouble } from '../../../support/scoringServers/scoringServer';

const opened: ScoringServer[] = [];

afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});

async function serve(starting: Promise<ScoringServer>): Promise<ScoringServer> {
  const server = await starting;
  opened.push(server);
  return server;
}

/** What the probe says, or why it refuses, with the address made the same in every run. */
async function probe(url: string, server: LossServer = 'vllm', model?: string): Promise<string> {
  const { deps } = remoteDeps();
  const scorer = createRemoteLoss({ kind: 'server', server, baseUrls: [url], ...(model !== undefined && { model }) }, 'superfiltering', deps);
  const said = await scorer.probe(new AbortController().signal).catch((error: unknown) => (error as Error).message);
  return said.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST');
}

it.each([
  ['vllm', startVllm, 'vLLM 0.11.0 serves bigram with a context of 1,024 tokens.'],
  ['sglang', startSglang, 'SGLang serves bigram with a context of 1,024 tokens.'],
  ['tgi', startTgi, 'TGI 3.3.4 serves bigram with a context of 1,024 tokens.'],
] as const)('says what a trusted %s server serves', async (server, start, said) => {
  const { url } = await serve(start());
  expect(await probe(url, server)).toBe(said);
});

it('advises against a prefix cache where prompt tokens come out of one', async () => {
  const { url } = await serve(startVllm({ cached: 16 }));
  expect(await probe(url)).toBe(
    'vLLM 0.11.0 serves bigram with a context of 1,024 tokens; it caches prefixes, which has given stale log-probabilities: start it with --no-enable-prefix-caching (vLLM) to be sure.',
  );
});

const noPrompt = 'it can still serve as teacher or judge, and losses need a vLLM, SGLang or TGI server.';

it('refuses llama-server, which ignores echo and gives what it generated', async () => {
  const { url } = await serve(startLlamaServer());
  expect(await probe(url)).toBe(`http://HOST does not give prompt log-probabilities (it gave no log-probabilities of the prompt); ${noPrompt}`);
});

it('refuses a server that ignores echo but counts as vLLM does', async () => {
  const { url } = await serve(startVllm({ ignoresEcho: true }));
  expect(await probe(url)).toBe(`http://HOST does not give prompt log-probabilities (it gave 0 log-probabilities for 20 prompt tokens); ${noPrompt}`);
});

it('refuses a server without such a path', async () => {
  const { url } = await serve(startScoringServer(({ path }) => (path === '/v1/models' ? { data: [{ id: 'chat' }] } : undefined)));
  expect(await probe(url)).toBe(`http://HOST does not give prompt log-probabilities (http://HOST/v1/completions answered 404: Not Found); ${noPrompt}`);
});

function generated(logProb: number): Trouble {
  const alter = (answer: Answer): Answer => {
    const logprobs = answer.choices[0].logprobs;
    logprobs?.token_logprobs.forEach((_, i) => i > 0 && logprobs.token_logprobs.splice(i, 1, logProb));
    return answer;
  };
  return { kind: 'altered', alter };
}

it('refuses log-probabilities that do not follow the prompt, as many as they may be', async () => {
  const server = await serve(startVllm({ namesIds: false }));
  server.become(({ path }) => (path === '/v1/completions' ? generated(-0.25) : undefined));
  expect(await probe(server.url)).toBe(
    'http://HOST finds words in disorder as likely as a sentence, so its log-probabilities are not those of the prompt; check that it serves a language model.',
  );
});

it('refuses log-probabilities that change when the same is asked again', async () => {
  const server = await serve(startVllm());
  server.become(({ path }, number) => (path === '/v1/completions' && number === 2 ? generated(-0.1) : undefined));
  expect(await probe(server.url)).toMatch(
    /^http:\/\/HOST gave other log-probabilities for the same text when asked again \(\d+\.\d\d nats a token apart\); start it without a prefix cache \(vLLM: --no-enable-prefix-caching\)\.$/,
  );
});

it.each([
  ['names no model while the server has several', undefined, { models: ['a', 'b'] }, 'http://HOST serves several models (a, b); name one after its address, as in http://HOST#a.'],
  ['names another model', 'gpt2', { models: ['a', 'b'] }, "http://HOST serves a, b and not gpt2; correct the model's name or the address."],
  ['names one of several', 'b', { models: ['a', 'b'] }, 'vLLM 0.11.0 serves b with a context of 1,024 tokens.'],
] as const)('whoever %s is told', async (_, model, options, said) => {
  const { url } = await serve(startVllm(options));
  expect(await probe(url, 'vllm', model)).toBe(said);
});

it('takes the folder that TGI was started from for the model', async () => {
  const { url } = await serve(startTgi({ models: ['/data/Qwen2.5-0.5B'] }));
  expect(await probe(url, 'tgi', 'Qwen/Qwen2.5-0.5B')).toBe('TGI 3.3.4 serves Qwen/Qwen2.5-0.5B with a context of 1,024 tokens.');
});

it.each([
  ['a web page', { kind: 'raw', contentType: 'text/html', body: '<html>' }, 'http://HOST/v1/models answered with text/html that is no JSON; check that this is the address of vLLM.'],
  ['a closed connection', { kind: 'drop' }, 'http://HOST cannot be reached (it closed the connection); start vLLM there or correct the address.'],
  ['a broken gateway', { kind: 'status', status: 502, message: 'no upstream' }, /^http:\/\/HOST\/(v1\/models|version) answered 502: no upstream; score again when it has recovered\.$/],
  ['control characters', { kind: 'status', status: 400, message: 'a\u0000b\u001b[31m\nc' }, /^http:\/\/HOST\/(v1\/models|version) answered 400: a b \[31m c\.$/],
] as const)('tells of %s in one sentence', async (_, trouble, said) => {
  const server = await serve(startVllm());
  server.become(() => trouble);
  expect(await probe(server.url)).toMatch(said);
});

it('says nothing about log-probabilities when the server is merely busy', async () => {
  const server = await serve(startVllm());
  server.become(({ path }) => (path === '/v1/completions' ? { kind: 'status', status: 429 } : undefined));
  expect(await probe(server.url)).toBe('http://HOST asks to slow down (429): as scripted; score again when it has recovered.');
});
