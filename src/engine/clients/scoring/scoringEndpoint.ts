import { isRetryableStatus, retry, retryAfterMs, type RetryVerdict } from '../../jobs/retry';
import { createBoundedFetch, type BoundedFetch } from '../boundedFetch';
import { hideSecrets, quoteServer } from '../teacherError';
import type { RemoteScorerDeps } from './remoteScorer';
import { ScoringServerError } from './scoringServerError';
import type { ScoringUrl } from './scoringUrl';

/** One base URL that answers JSON. */
export interface ScoringEndpoint {
  /** `http://127.0.0.1:8000`, for messages. */
  readonly url: string;
  /** GET without a body, else POST. Asks again where that can help. Rejects with a ScoringServerError or the signal's reason. */
  call(path: string, body: object | undefined, signal: AbortSignal): Promise<unknown>;
  /** A server's text made fit for a message: one bounded line without secrets. */
  readonly quote: (text: string) => string;
}

export interface CallLimits {
  /** Milliseconds without a byte. A pass sends none until it is done. */
  readonly idleMs: number;
  readonly maxReplyBytes: number;
}

/** A reply holds about 200 bytes a token where the server adds the likeliest tokens to each. */
export const defaultCallLimits: CallLimits = { idleMs: 120_000, maxReplyBytes: 32 * 1024 * 1024 };

const attempts = 5;
const attemptsToConnect = 3;

export function createScoringEndpoint(at: ScoringUrl, server: string, deps: RemoteScorerDeps): ScoringEndpoint {
  const limits = deps.limits ?? defaultCallLimits;
  const key = deps.serverKey(at.given)?.trim() ?? '';
  const about: About = { at, server, key: key === '' ? undefined : key, limits, now: deps.now };
  return {
    url: at.root,
    quote: (text) => quoteServer(text, about.key),
    call: (path, body, signal) =>
      retry(() => callOnce(about, path, body, signal), {
        backoff: deps.backoff,
        signal,
        judge: (error) => (error instanceof ScoringServerError ? error.verdict : { again: false }),
        attempts: (error) => (error instanceof ScoringServerError && error.kind === 'unreachable' ? attemptsToConnect : attempts),
        onWait: (attempt, milliseconds, error) =>
          deps.logger.warn('Scoring server failed; asking again after a wait', {
            url: at.root,
            attempt,
            milliseconds,
            reason: error instanceof ScoringServerError ? error.message : undefined,
          }),
      }),
  };
}

interface About {
  readonly at: ScoringUrl;
  readonly server: string;
  readonly key: string | undefined;
  readonly limits: CallLimits;
  readonly now: () => Date;
}

async function callOnce(about: About, path: string, body: object | undefined, signal: AbortSignal): Promise<unknown> {
  const { at, limits } = about;
  const authorization = authorizationOf(about);
  const wire = createBoundedFetch(
    { idleMs: limits.idleMs, maxBytes: limits.maxReplyBytes, maxEventBytes: limits.maxReplyBytes },
    {
      accept: 'application/json',
      'user-agent': 'cupel',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(authorization !== undefined && { authorization }),
    },
  );
  let response: Response | undefined;
  try {
    // A redirect is not followed: it would carry the key, and the data, to where the settings do not point.
    response = await wire.fetch(`${at.root}${path}`, { signal, redirect: 'manual', ...(body === undefined ? { method: 'GET' } : { method: 'POST', body: JSON.stringify(body) }) });
    const text = await response.text();
    signal.throwIfAborted();
    if (!response.ok) throw explainStatus(about, path, response, text);
    return parseJson(about, path, response, text);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof ScoringServerError ? error : explain(about, path, wire, { error, answered: response !== undefined });
  } finally {
    wire.end();
  }
}

function authorizationOf({ at, key }: About): string | undefined {
  if (key === undefined) return at.basic;
  if (/^[\x21-\x7e]+$/.test(key)) return `Bearer ${key}`;
  throw new ScoringServerError('unauthorized', `The key for ${at.root} holds characters that no HTTP header can carry; correct CUPEL_SCORER_KEY.`);
}

function parseJson({ at, server }: About, path: string, response: Response, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (/\b(NaN|Infinity)\b/.test(text)) {
      throw new ScoringServerError('failed', `${at.root}${path} answered with NaN or Infinity where a number belongs; look into the log of the server for numerical trouble.`);
    }
    const type = /^[\w.+-]+\/[\w.+-]+$/.exec(response.headers.get('content-type')?.split(';')[0]?.trim() ?? '')?.[0] ?? 'something';
    const what = type === 'application/json' ? 'JSON that ends too early or is broken' : `${type} that is no JSON`;
    throw new ScoringServerError('failed', `${at.root}${path} answered with ${what}; check that this is the address of ${server}.`);
  }
}

function explainStatus({ at, key, now }: About, path: string, response: Response, text: string): ScoringServerError {
  const { status } = response;
  if (status >= 300 && status < 400) {
    const to = quoteServer(redirectTarget(at.root, response.headers.get('location')), key);
    return new ScoringServerError('untrusted', `${at.root}${path} redirects to ${to}, which is not followed; name the address that answers itself.`, { status });
  }
  if (status === 401 || status === 403) {
    const reason = key === undefined ? `${at.root} needs a key (${status}); set CUPEL_SCORER_KEY.` : `${at.root} refused the key (${status}); check CUPEL_SCORER_KEY.`;
    return new ScoringServerError('unauthorized', reason, { status });
  }
  const said = quoteServer(errorText(text), key);
  const afterMs = retryAfterMs((name) => response.headers.get(name), now());
  // 501 says that there is no such thing, now or later.
  const verdict: RetryVerdict = isRetryableStatus(status) && status !== 501 ? { again: true, ...(afterMs !== undefined && { afterMs }) } : { again: false };
  const what = status === 429 ? `${at.root} asks to slow down (429)` : `${at.root}${path} answered ${status}`;
  const remedy = verdict.again ? '; score again when it has recovered.' : '.';
  return new ScoringServerError('failed', said === '' ? `${what}${remedy}` : `${what}: ${said.replace(/\.$/, '')}${remedy}`, { status, verdict });
}

/** The host alone: a path or query may hold what a message must not. */
function redirectTarget(root: string, location: string | null): string {
  return location !== null && URL.canParse(location, root) ? new URL(location, root).host : 'elsewhere';
}

/** vLLM: `{error: {message}}` or `{message}`; FastAPI: `{detail}`; TGI, TEI: `{error}`. */
function errorText(text: string): string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return /^\s*</.test(text) ? '' : text;
  }
  for (const name of ['error', 'message', 'detail']) {
    const found = property(body, name);
    if (typeof found === 'string') return found;
    const inner = property(found, 'message');
    if (typeof inner === 'string') return inner;
    if (found !== undefined) return JSON.stringify(found);
  }
  return '';
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function explain({ at, server, key, limits }: About, path: string, wire: BoundedFetch, { error, answered }: { error: unknown; answered: boolean }): ScoringServerError {
  if (wire.failure() === 'too-large') {
    const size = (limits.maxReplyBytes / 1024 / 1024).toLocaleString('en', { maximumFractionDigits: 1 });
    return new ScoringServerError('failed', `The reply of ${at.root}${path} is larger than ${size} MB; check that this is the address of ${server}.`);
  }
  if (wire.failure() === 'idle') {
    return new ScoringServerError('unreachable', `${at.root} sent nothing for ${limits.idleMs / 1000} s; see whether it hangs or is overloaded, and score again.`);
  }
  if (answered) return new ScoringServerError('failed', `The reply of ${at.root}${path} stopped midway; score again.`, { verdict: { again: true } });
  const reason = `${hideSecrets(at.root, key)} cannot be reached${describeCode(errorCode(error))}; start ${server} there or correct the address.`;
  return new ScoringServerError('unreachable', reason, { verdict: { again: true } });
}

/** The first system error code in a chain of causes. */
function errorCode(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return undefined;
}

const codes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name is not known',
  ECONNRESET: 'it closed the connection',
  UND_ERR_SOCKET: 'it closed the connection',
  EPIPE: 'it closed the connection',
};

function describeCode(code: string | undefined): string {
  return code === undefined ? '' : ` (${codes[code] ?? code})`;
}
