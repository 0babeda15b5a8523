import { idsOf, logProbs, tokensOf } from './bigramModel';
import { Refusal, startScoringServer, type Answers, type ScoringRequest, type ScoringServer, type ScoringServerOptions } from './scoringServer';

export interface LossServerOptions extends ScoringServerOptions {
  /** Default `bigram`. */
  readonly models?: readonly string[];
  /** Default 1,024. */
  readonly contextLength?: number;
  /** What the tokenizer puts before a text, default nothing. */
  readonly bos?: number;
  readonly tokenizes?: boolean;
}

const defaults = { models: ['bigram'], contextLength: 1024, tokenizes: true } as const;

interface VllmOptions extends LossServerOptions {
  /** Versions differ in which request they refuse, and in what they echo. */
  readonly refusesZeroTokens?: boolean;
  readonly ignoresEcho?: boolean;
  readonly namesIds?: boolean;
  readonly cached?: number;
}

/** vLLM's completions, models, version and tokenizer. */
export function startVllm(options: VllmOptions = {}): Promise<ScoringServer> {
  const { models, contextLength, tokenizes, ...rest } = { ...defaults, ...options };
  const answers: Answers = ({ path, body }) => {
    if (path === '/version') return { version: '0.11.0' };
    if (path === '/v1/models') return { object: 'list', data: models.map((id) => ({ id, object: 'model', max_model_len: contextLength })) };
    if (path === '/tokenize' && tokenizes) return tokenized(body, contextLength, rest.bos);
    if (path !== '/v1/completions') return undefined;
    if (!models.includes(String(body.model))) return new Refusal(404, { error: { message: `The model \`${String(body.model)}\` does not exist.` } });
    return completion(body, rest);
  };
  return startScoringServer(answers, options);
}

function completion(body: ScoringRequest['body'], { refusesZeroTokens = false, ignoresEcho = false, namesIds = true, cached = 0 }: VllmOptions): unknown {
  const ids = body.prompt as readonly number[];
  const generated = Number(body.max_tokens);
  if (generated === 0 && refusesZeroTokens) return new Refusal(400, { error: { message: 'max_tokens must be at least 1, got 0.' } });
  const after = Array.from({ length: generated }, () => ({ id: 99, logProb: -0.25 }));
  const before = body.echo === true && !ignoresEcho ? logProbs(ids).map((logProb, i) => ({ id: ids[i], logProb })) : [];
  const all = [...before, ...after];
  const logprobs =
    body.logprobs === undefined
      ? null
      : {
          tokens: all.map(({ id }) => (namesIds && body.return_tokens_as_token_ids === true ? `token_id:${id}` : 'text')),
          token_logprobs: all.map(({ logProb }) => logProb),
          text_offset: all.map(() => 0),
        };
  const ofPrompt = body.prompt_logprobs === undefined || ignoresEcho ? null : logProbs(ids).map((logprob, i) => (logprob === null ? null : { [String(ids[i])]: { logprob, rank: 1, decoded_token: 'text' } }));
  return {
    id: 'cmpl-1',
    object: 'text_completion',
    model: body.model,
    choices: [{ index: 0, text: '', logprobs, prompt_logprobs: ofPrompt, finish_reason: 'length' }],
    usage: { prompt_tokens: ids.length, total_tokens: ids.length + generated, completion_tokens: generated, prompt_tokens_details: cached === 0 ? null : { cached_tokens: cached } },
  };
}

function tokenized(body: ScoringRequest['body'], contextLength: number, bos: number | undefined): unknown {
  const ids = [...(bos !== undefined && body.add_special_tokens === true ? [bos] : []), ...idsOf(String(body.prompt))];
  const written = body.return_token_strs === true ? tokensOf(String(body.prompt)).map(asVocabulary) : null;
  return { count: ids.length, max_model_len: contextLength, tokens: ids, token_strs: written };
}

/** As GPT-2's vocabulary writes ASCII. */
function asVocabulary(token: string): string {
  return token.replaceAll(' ', 'Ġ').replaceAll('\n', 'Ċ');
}

/** SGLang's own `/generate`. */
export function startSglang(options: LossServerOptions = {}): Promise<ScoringServer> {
  const { models, contextLength, tokenizes, ...rest } = { ...defaults, ...options };
  const answers: Answers = ({ path, body }) => {
    if (path === '/v1/models') return { object: 'list', data: models.map((id) => ({ id, max_model_len: contextLength })) };
    if (path === '/tokenize' && tokenizes) return tokenized(body, -1, rest.bos);
    if (path !== '/generate') return undefined;
    const ids = body.input_ids as readonly number[];
    const start = Number(body.logprob_start_len);
    const entries = logProbs(ids)
      .slice(start)
      .map((logProb, i) => [i === 0 ? null : logProb, ids[start + i], null]);
    return { text: '', meta_info: { id: '1', prompt_tokens: ids.length, completion_tokens: 0, cached_tokens: 0, input_token_logprobs: entries, output_token_logprobs: [] } };
  };
  return startScoringServer(answers, options);
}

/** Text Generation Inference, which reads text. `bos` is put before every prompt, asked for or not. */
export function startTgi(options: LossServerOptions = {}): Promise<ScoringServer> {
  const { models, contextLength, bos } = { ...defaults, ...options };
  const answers: Answers = ({ path, body }) => {
    const text = String(body.inputs);
    if (path === '/info') return { model_id: models[0], version: '3.3.4', max_input_tokens: contextLength, max_total_tokens: contextLength + 1 };
    if (path === '/tokenize') {
      let at = 0;
      const tokens = tokensOf(text).map((token, i) => {
        const start = at;
        at += [...Array.from(token)].length;
        return { id: idsOf(text)[i], text: token, start, stop: at };
      });
      return bos !== undefined && body.add_special_tokens === true ? [{ id: bos, text: '<s>', start: 0, stop: 0 }, ...tokens] : tokens;
    }
    if (path !== '/generate') return undefined;
    const ids = [...(bos === undefined ? [] : [bos]), ...idsOf(text)];
    const prefill = logProbs(ids).map((logprob, i) => ({ id: ids[i], text: 'text', logprob }));
    return { generated_text: 'x', details: { finish_reason: 'length', generated_tokens: 1, seed: null, prefill, tokens: [{ id: 99, text: 'x', logprob: -0.25, special: false }] } };
  };
  return startScoringServer(answers, options);
}

/** llama-server: takes `echo`, and answers with what it generated all the same (llama.cpp#27174). */
export function startLlamaServer(): Promise<ScoringServer> {
  return startScoringServer(({ path, body }) => {
    if (path === '/v1/models') return { object: 'list', data: [{ id: 'model.gguf', object: 'model', meta: { n_ctx_train: 4096 } }] };
    if (path === '/tokenize') return { tokens: typeof body.content === 'string' ? idsOf(body.content) : [] };
    if (path !== '/v1/completions') return undefined;
    const generated = Math.max(1, Number(body.max_tokens));
    const content = Array.from({ length: generated }, () => ({ id: 99, token: ' and', logprob: -0.25, top_logprobs: [] }));
    return { id: 'chatcmpl-1', object: 'text_completion', model: 'model.gguf', choices: [{ index: 0, text: ' and', logprobs: { content }, finish_reason: 'length' }] };
  });
}
