import OpenAI, { APIError } from 'openai';
import { z } from 'zod';
import type { ChatMessage } from '../../core/prompts/chat';
import type { EndpointTeacher } from '../../core/teachers/teacher';
import { type RetryVerdict, isRetryableStatus, retryAfterMs } from '../jobs/retry';
import { type BoundedFetch, createBoundedFetch } from './boundedFetch';
import { TeacherError, hideSecrets, quoteServer } from './teacherError';

export interface ChatRequest {
  readonly config: EndpointTeacher;
  readonly key: string | undefined;
  readonly messages: readonly ChatMessage[];
  readonly temperature: number | undefined;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** Gets the whole text so far. */
  readonly onText?: (text: string) => void;
}

/** A reply that arrived whole, as the server tells it. */
export interface ChatReply {
  readonly text: string;
  readonly refusal: string;
  /** `stop`, `length`, `content_filter`, … */
  readonly finish: string;
  readonly model?: string;
  readonly usage?: { readonly promptTokens: number; readonly completionTokens: number };
  readonly requestId?: string;
}

const maxReplyChars = 1_000_000;
const maxReplyBytes = 256 * 1024 * 1024;
const maxEventBytes = 4 * 1024 * 1024;
const defaultTimeoutSeconds = 60;
/** A key this long does not stand in a reply by chance. */
const unmistakableKey = 16;

/** What Cupel reads of a streamed piece; servers add fields of their own. */
const pieceSchema = z.object({
  model: z.string().nullish(),
  choices: z
    .array(
      z.object({
        index: z.int().nullish(),
        delta: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z.object({ prompt_tokens: z.int().min(0), completion_tokens: z.int().min(0) }).nullish().catch(undefined),
});

/**
 * One attempt at one streamed chat completion. Rejects with a TeacherError that says whether asking again can help,
 * or with the signal's reason.
 */
export async function requestChat(request: ChatRequest): Promise<ChatReply> {
  const { config, signal } = request;
  const wire = wireFor(config, request.key);
  const state: StreamState = { text: '', refusal: '', started: false };
  try {
    const opened = await clientFor(config, wire)
      .chat.completions.create(bodyOf(request), { signal })
      .withResponse();
    state.contentType = opened.response.headers.get('content-type') ?? undefined;
    state.requestId = opened.request_id ?? undefined;
    for await (const piece of opened.data) {
      read(piece, state, config);
      if (state.text.length > maxReplyChars) throw new TeacherError('failed', `the reply of ${config.id} is longer than ${maxReplyChars.toLocaleString('en')} characters`);
      request.onText?.(state.text);
    }
    signal.throwIfAborted();
    if (wire.failure() !== undefined) throw new Error('broken off');
    return finished(state, request);
  } catch (error) {
    signal.throwIfAborted();
    throw explain(error, wire, state, request);
  } finally {
    wire.end();
  }
}

/** The models that the endpoint lists, undefined when it does not say. Rejects like `requestChat`. */
export async function listModels(config: EndpointTeacher, key: string | undefined, signal: AbortSignal, now: () => Date): Promise<readonly string[] | undefined> {
  const wire = wireFor(config, key);
  try {
    const page: unknown = await clientFor(config, wire).models.list({ signal });
    const listed = z.object({ data: z.array(z.object({ id: z.string() })) }).safeParse(page);
    return listed.success ? listed.data.data.map((model) => model.id) : undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (isApiError(error) && error.status === 404) return undefined;
    throw explain(error, wire, { text: '', refusal: '', started: false }, { config, key, now });
  } finally {
    wire.end();
  }
}

function wireFor(config: EndpointTeacher, key: string | undefined): BoundedFetch {
  const idleMs = (config.timeoutSeconds ?? defaultTimeoutSeconds) * 1000;
  return createBoundedFetch(
    { idleMs, maxBytes: maxReplyBytes, maxEventBytes },
    {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'user-agent': 'cupel',
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
  );
}

/** Nothing of the environment (`OPENAI_API_KEY`, organisation, logging) takes part: the settings name the server and the key. */
function clientFor(config: EndpointTeacher, wire: BoundedFetch): OpenAI {
  return new OpenAI({
    baseURL: config.baseUrl,
    // The package insists on one; the header that goes out is written below it.
    apiKey: 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    logLevel: 'off',
    fetch: wire.fetch,
  });
}

function bodyOf({ config, messages, temperature }: ChatRequest) {
  // OpenAI's newer models refuse `max_tokens`; most other servers know nothing else.
  const limitName = new URL(config.baseUrl).hostname === 'api.openai.com' ? 'max_completion_tokens' : 'max_tokens';
  return {
    model: config.model,
    messages: [...messages],
    stream: true as const,
    stream_options: { include_usage: true },
    ...(temperature !== undefined && { temperature }),
    ...(config.maxTokens !== undefined && { [limitName]: config.maxTokens }),
  };
}

interface StreamState {
  text: string;
  refusal: string;
  /** A choice has been seen. */
  started: boolean;
  finish?: string;
  model?: string;
  usage?: { readonly promptTokens: number; readonly completionTokens: number };
  requestId?: string | undefined;
  contentType?: string | undefined;
}

function read(piece: unknown, state: StreamState, config: EndpointTeacher): void {
  const parsed = pieceSchema.safeParse(piece);
  if (!parsed.success) throw new TeacherError('failed', `${config.id} sent a piece that is no chat completion`);
  const { model, choices, usage } = parsed.data;
  if (model) state.model = model;
  if (usage) state.usage = { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens };
  const choice = choices?.find((one) => (one.index ?? 0) === 0);
  if (choice === undefined) return;
  state.started = true;
  state.text += choice.delta?.content ?? '';
  state.refusal += choice.delta?.refusal ?? '';
  if (choice.finish_reason) state.finish = choice.finish_reason;
}

function finished(state: StreamState, { config, key }: ChatRequest): ChatReply {
  const { text, refusal, finish, started } = state;
  if (!started) throw new TeacherError('failed', `${config.id} answered with ${describeType(state.contentType)} that holds no choices`);
  if (finish === undefined) throw stoppedMidway(config);
  if (key !== undefined && key.length >= unmistakableKey && text.includes(key)) throw new TeacherError('failed', `${config.id} sent its key back in the reply`);
  return {
    text,
    refusal,
    finish,
    ...(state.model !== undefined && { model: quoteServer(state.model, key) }),
    ...(state.usage && { usage: state.usage }),
    ...(state.requestId !== undefined && { requestId: quoteServer(state.requestId, key) }),
  };
}

function describeType(contentType: string | undefined): string {
  const type = contentType?.split(';')[0]?.trim() ?? '';
  return /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'something';
}

/** What was received is not kept, and not asked for again by itself: it may have been paid for. */
function stoppedMidway(config: EndpointTeacher): TeacherError {
  return new TeacherError('failed', `the reply of ${config.id} stopped midway`);
}

type Asked = Pick<ChatRequest, 'config' | 'key' | 'now'>;

function explain(error: unknown, wire: BoundedFetch, state: StreamState, asked: Asked): TeacherError {
  const { config, key, now } = asked;
  if (error instanceof TeacherError) return error;
  const { id } = config;
  if (wire.failure() === 'too-large') return new TeacherError('failed', `the reply of ${id} is too large or holds no readable pieces`);
  if (wire.failure() === 'idle') {
    const reason = `${id} sent nothing for ${config.timeoutSeconds ?? defaultTimeoutSeconds} s`;
    return state.started ? new TeacherError('failed', reason) : new TeacherError('unreachable', reason, { again: true });
  }
  if (isApiError(error) && typeof error.status === 'number') return explainStatus(error, error.status, asked, now);
  if (state.started && !(error instanceof SyntaxError) && !(isApiError(error))) return stoppedMidway(config);
  if (error instanceof SyntaxError) return new TeacherError('failed', `${id} sent a piece that is not JSON`);
  const code = errorCode(error);
  // A stream that opened and then reports an error comes as an APIError without a status and without a cause.
  if (isApiError(error) && code === undefined && error.cause === undefined) {
    return new TeacherError('failed', `${id} reported an error: ${quoteServer(error.message, key)}`);
  }
  const host = hideSecrets(hostOf(config.baseUrl), key);
  return new TeacherError('unreachable', `${id} cannot be reached at ${host}${describeCode(code)}`, { again: true });
}

function explainStatus(error: APIError, status: number, { config, key }: Asked, now: () => Date): TeacherError {
  const { id } = config;
  const said = quoteServer(error.message.replace(/^\d{3} /, ''), key);
  if (status === 401) return new TeacherError('unauthorized', key === undefined ? `${id} needs a key` : `the key for ${id} was refused`);
  const afterMs = retryAfterMs((name) => error.headers?.get(name), now());
  const verdict: RetryVerdict = isRetryableStatus(status) ? { again: true, ...(afterMs !== undefined && { afterMs }) } : { again: false };
  const what = status === 429 ? `${id} asks to slow down or is out of quota (429)` : `${id} answered ${status}`;
  return new TeacherError('failed', said === '' ? what : `${what}: ${said}`, verdict);
}

function isApiError(error: unknown): error is APIError {
  return error instanceof APIError;
}

function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : 'its address';
}

/** The first system error code in a chain of causes. */
function errorCode(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return undefined;
}

function describeCode(code: string | undefined): string {
  if (code === undefined) return '';
  if (code === 'ECONNREFUSED') return ' (connection refused)';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return ' (the host name is not known)';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET' || code === 'EPIPE') return ' (it closed the connection)';
  return ` (${code})`;
}
