import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A real HTTP server on 127.0.0.1 that speaks the streaming chat completions format, well or badly. Its imports are Node's alone,
 * so that every ring of tests can bundle and start it.
 */

/** What a request gets. */
export type ChatBehaviour =
  /** A whole streamed reply, by default in pieces of eight characters. `delayMs` before each piece. */
  | { readonly kind: 'reply'; readonly text: string; readonly delayMs?: number; readonly finish?: string; readonly pieceLength?: number }
  /** Never a byte, or a first piece and then silence. */
  | { readonly kind: 'hang'; readonly after?: string }
  /** The connection is closed before any answer. */
  | { readonly kind: 'drop' }
  /** The connection breaks after `text`. */
  | { readonly kind: 'half'; readonly text: string }
  /** The stream ends properly after `text`, but without a finish reason. */
  | { readonly kind: 'unfinished'; readonly text: string }
  /** An error in OpenAI's form. */
  | { readonly kind: 'status'; readonly status: number; readonly message?: string; readonly headers?: Readonly<Record<string, string>> }
  /** Anything else, as it stands; `repeat` times. */
  | { readonly kind: 'raw'; readonly contentType: string; readonly body: string; readonly repeat?: number };

export interface ChatServerRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The parsed body; undefined without one. */
  readonly body: ChatServerBody | undefined;
}

export interface ChatServerBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly stream?: boolean;
  readonly temperature?: number;
  readonly max_tokens?: number;
}

/** One for every request, one after the other (the last one stays), or chosen by the request. */
export type ChatScript = ChatBehaviour | readonly ChatBehaviour[] | ((request: ChatServerRequest, number: number) => ChatBehaviour);

export interface ChatServer {
  /** Ends in `/v1`. */
  readonly url: string;
  /** The chat requests so far, in the order of arrival. */
  readonly requests: readonly ChatServerRequest[];
  /** The largest number of chat requests that were open at once. */
  readonly peak: () => number;
  /** What later requests get. */
  readonly become: (script: ChatScript) => void;
  /** Breaks open connections. */
  readonly close: () => Promise<void>;
}

export interface ChatServerOptions {
  /** What `GET /models` lists, default `['test-model']`. */
  readonly models?: readonly string[];
  /** Requests without `Bearer <key>` get 401. */
  readonly key?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
}

export async function startChatServer(script: ChatScript, options: ChatServerOptions = {}): Promise<ChatServer> {
  let behave = behaviours(script);
  const requests: ChatServerRequest[] = [];
  let open = 0;
  let peak = 0;

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await receive(message);
    const isChat = request.path === '/v1/chat/completions';
    if (isChat) requests.push(request);
    if (options.key !== undefined && request.headers.authorization !== `Bearer ${options.key}`) {
      sendError(response, 401, `Incorrect API key provided: ${request.headers.authorization ?? 'none'}`);
      return;
    }
    if (request.path === '/v1/models') {
      sendJson(response, 200, { object: 'list', data: (options.models ?? ['test-model']).map((id) => ({ id, object: 'model' })) });
      return;
    }
    if (!isChat) {
      sendError(response, 404, 'no such path');
      return;
    }
    open += 1;
    peak = Math.max(peak, open);
    response.once('close', () => (open -= 1));
    await act(behave(request), request, response);
  };

  const server = createServer((message, response) => {
    serve(message, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    peak: () => peak,
    become: (next) => (behave = behaviours(next)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function behaviours(script: ChatScript): (request: ChatServerRequest) => ChatBehaviour {
  let number = 0;
  return (request) => {
    number += 1;
    if (typeof script === 'function') return script(request, number);
    if (!Array.isArray(script)) return script as ChatBehaviour;
    const list = script as readonly ChatBehaviour[];
    const behaviour = list[Math.min(number, list.length) - 1];
    if (behaviour === undefined) throw new Error('the script is empty');
    return behaviour;
  };
}

async function receive(message: IncomingMessage): Promise<ChatServerRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString('utf8');
  return {
    method: message.method ?? '',
    path: message.url ?? '',
    headers: message.headers,
    body: text === '' ? undefined : (JSON.parse(text) as ChatServerBody),
  };
}

async function act(behaviour: ChatBehaviour, request: ChatServerRequest, response: ServerResponse): Promise<void> {
  const model = `${request.body?.model ?? 'test-model'}-0001`;
  switch (behaviour.kind) {
    case 'reply':
      openStream(response);
      await stream(response, model, behaviour.text, behaviour.pieceLength ?? 8, behaviour.delayMs ?? 0);
      sendPiece(response, model, {}, behaviour.finish ?? 'stop');
      sendEvent(response, { ...envelope(model), choices: [], usage: usageOf(request, behaviour.text) });
      response.end('data: [DONE]\n\n');
      return;
    case 'hang':
      if (behaviour.after === undefined) return;
      openStream(response);
      sendPiece(response, model, { content: behaviour.after });
      return;
    case 'drop':
      response.destroy();
      return;
    case 'half':
      openStream(response);
      await new Promise<void>((resolve) => response.write(event(pieceOf(model, { content: behaviour.text })), () => resolve()));
      response.destroy();
      return;
    case 'unfinished':
      openStream(response);
      sendPiece(response, model, { content: behaviour.text });
      response.end('data: [DONE]\n\n');
      return;
    case 'status':
      for (const [name, value] of Object.entries(behaviour.headers ?? {})) response.setHeader(name, value);
      sendError(response, behaviour.status, behaviour.message ?? 'as scripted');
      return;
    case 'raw':
      response.writeHead(200, { 'content-type': behaviour.contentType });
      await pipeline(Readable.from(Array<string>(behaviour.repeat ?? 1).fill(behaviour.body)), response);
  }
}

async function stream(response: ServerResponse, model: string, text: string, pieceLength: number, delayMs: number): Promise<void> {
  sendPiece(response, model, { role: 'assistant', content: '' });
  for (let at = 0; at < text.length && !response.destroyed; at += pieceLength) {
    if (delayMs > 0) await sleep(delayMs);
    sendPiece(response, model, { content: text.slice(at, at + pieceLength) });
  }
}

function openStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': 'req-1' });
}

function sendPiece(response: ServerResponse, model: string, delta: object, finish: string | null = null): void {
  sendEvent(response, pieceOf(model, delta, finish));
}

function pieceOf(model: string, delta: object, finish: string | null = null): object {
  return { ...envelope(model), choices: [{ index: 0, delta, finish_reason: finish }] };
}

function envelope(model: string): object {
  return { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 0, model };
}

/** One token a word, so that tests can count. */
function usageOf(request: ChatServerRequest, text: string): object {
  const prompt_tokens = words((request.body?.messages ?? []).map(({ content }) => content).join(' '));
  const completion_tokens = words(text);
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

function words(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}

function sendEvent(response: ServerResponse, data: object): void {
  response.write(event(data));
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function sendError(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, { error: { message, type: 'scripted', code: null } });
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
