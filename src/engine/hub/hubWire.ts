import { errorMessage } from '../../base/errorMessage';
import type { Logger } from '../../base/logger';
import { version } from '../../base/version';
import { type Backoff, isRetryableStatus, retryAfterMs } from '../jobs/retry';
import { hubEnvironment, type HubEnvironment } from './hubEnvironment';
import { HubError } from './hubError';

/** What a download needs; whatever is not given is what the environment says. */
export interface HubDeps extends Partial<HubEnvironment> {
  readonly logger: Logger;
  readonly backoff: Backoff;
  /** By default the global one. */
  readonly fetch?: typeof fetch;
  /** Milliseconds without a byte after which an exchange is given up and tried again. */
  readonly idleMs?: number;
}

/** A hub and how it is spoken to. */
export interface Hub extends HubEnvironment {
  readonly logger: Logger;
  readonly backoff: Backoff;
  readonly fetch: typeof fetch;
  readonly idleMs: number;
  /** Scheme, host and port: the only place that the token is sent to. */
  readonly origin: string;
}

/** @throws HubError where nothing may be asked, or not of this address */
export function reachHub(deps: HubDeps): Hub {
  const hub = { fetch, idleMs: 60_000, ...hubEnvironment(), ...deps };
  if (hub.offline) throw new HubError('Nothing is downloaded while HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE is set.');
  if (hub.token !== undefined && !/^[\x21-\x7e]+$/.test(hub.token)) throw new HubError('The token in HF_TOKEN holds characters that no HTTP header can carry.');
  const address = URL.canParse(hub.endpoint) ? new URL(hub.endpoint) : undefined;
  if (address === undefined || !isHttp(address) || address.username !== '' || address.password !== '' || address.search !== '' || address.hash !== '') {
    throw new HubError('HF_ENDPOINT is not the plain address of a server, such as https://huggingface.co.');
  }
  return { ...hub, origin: address.origin };
}

export interface HubRequest {
  /** The model that it is about, for messages. */
  readonly model: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** A reply whose status says that it is one. */
export interface HubReply {
  readonly status: number;
  readonly headers: Headers;
  /** For messages. */
  readonly host: string;
  /** The body as it comes. Rejects with a HubError when the connection breaks or falls silent. */
  readonly pieces: AsyncIterable<Uint8Array>;
}

const longestWayAround = 8;

/**
 * One GET. Redirects are followed here and not by `fetch`, so that the token goes to the hub's own origin and nowhere else.
 * The connection is closed when `read` ends.
 *
 * @throws HubError
 */
export async function exchange<T>(request: HubRequest, hub: Hub, read: (reply: HubReply) => Promise<T>): Promise<T> {
  const silence = new AbortController();
  const done = new AbortController();
  const signal = AbortSignal.any([request.signal, silence.signal, done.signal]);
  let host = new URL(request.url).host;
  let timer: NodeJS.Timeout | undefined;
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), hub.idleMs);
  };

  const onWire = async <R>(step: () => Promise<R>): Promise<R> => {
    try {
      return await step();
    } catch (error) {
      request.signal.throwIfAborted();
      if (error instanceof HubError) throw error;
      if (silence.signal.aborted) throw new HubError(`${host} has sent nothing for ${hub.idleMs / 1000} s; try again later.`, { again: true });
      throw new HubError(`The connection to ${host} failed (${causeOf(error)}); check the network and try again.`, { again: true });
    }
  };

  const send = async (): Promise<Response> => {
    let url = new URL(request.url);
    for (let hops = 0; hops <= longestWayAround; hops += 1) {
      host = url.host;
      heard();
      const authorization = hub.token !== undefined && url.origin === hub.origin ? { authorization: `Bearer ${hub.token}` } : {};
      const response = await hub.fetch(url, { headers: { 'user-agent': `cupel/${version}`, ...request.headers, ...authorization }, redirect: 'manual', signal });
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || location === null) return response;
      await response.body?.cancel();
      if (!URL.canParse(location, url.href)) throw new HubError(`${host} sends to an address that is none.`);
      const next = new URL(location, url);
      if (!isHttp(next) || (url.protocol === 'https:' && next.protocol === 'http:')) throw new HubError(`${host} sends to an address that is not safe (${next.protocol}//${next.host}).`);
      url = next;
    }
    throw new HubError(`${host} sends from one address to the next without end.`);
  };

  const pieces = async function* (body: Response['body']): AsyncGenerator<Uint8Array> {
    const reader = body?.getReader();
    for (;;) {
      const piece = await onWire(async () => reader?.read());
      if (piece?.value === undefined) return;
      heard();
      yield piece.value as Uint8Array;
    }
  };

  try {
    const response = await onWire(send);
    if (!response.ok) throw statusError(response, host, request.model, hub);
    return await read({ status: response.status, headers: response.headers, host, pieces: pieces(response.body) });
  } finally {
    clearTimeout(timer);
    done.abort();
  }
}

function statusError({ status, headers }: Response, host: string, model: string, hub: Hub): HubError {
  const page = `${hub.endpoint}/${model}`;
  const atHub = host === new URL(hub.origin).host;
  const code = headers.get('x-error-code');
  if (atHub && hub.token !== undefined && headers.get('x-error-message')?.startsWith('Invalid credentials') === true) return new HubError(`${host} does not know the token in HF_TOKEN; set it to a valid one, or to nothing for open models.`);
  if (atHub && (code === 'GatedRepo' || status === 403)) return gatedError(model, page, hub);
  if (atHub && code === 'EntryNotFound') return new HubError(`${host} no longer has a file of ${model} that it listed; run the command again.`);
  if (atHub && (status === 401 || status === 404)) {
    return new HubError(`There is no model at ${page}, or it is private and ${hub.token === undefined ? 'HF_TOKEN is not set' : 'the token in HF_TOKEN may not read it'}.`);
  }
  const again = isRetryableStatus(status);
  const afterMs = again ? retryAfterMs((name) => headers.get(name), new Date()) : undefined;
  return new HubError(`${host} answers ${status} when asked for ${model}${again ? '; try again later' : ''}.`, again ? { again, ...(afterMs !== undefined && { afterMs }) } : { again });
}

export function gatedError(model: string, page: string, hub: Hub): HubError {
  return new HubError(
    hub.token === undefined
      ? `${model} is given only to those who accept its licence: do so at ${page}, and set HF_TOKEN to a token of that account.`
      : `The token in HF_TOKEN gives no access to ${model}: accept its licence at ${page} with that account, and allow the token to read gated models.`,
  );
}

function isHttp({ protocol }: URL): boolean {
  return protocol === 'https:' || protocol === 'http:';
}

/** What lies below undici's "fetch failed". */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return errorMessage(cause) || (cause instanceof Error && 'code' in cause ? String(cause.code) : 'no reason given');
}
