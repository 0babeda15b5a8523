import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** A real HTTP server on 127.0.0.1 that answers JSON as a scoring server does, well or badly. */

export interface ScoringRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Instead of the answer that belongs there. */
export type Trouble =
  | { readonly kind: 'status'; readonly status: number; readonly message?: string; readonly headers?: Readonly<Record<string, string>> }
  /** The right answer after a while. */
  | { readonly kind: 'late'; readonly milliseconds: number }
  /** Never a byte. */
  | { readonly kind: 'hang' }
  /** The connection is closed before any answer. */
  | { readonly kind: 'drop' }
  /** The connection breaks in the middle of the right answer. */
  | { readonly kind: 'half' }
  /** The right answer ends too early, as if it were whole. */
  | { readonly kind: 'truncated' }
  /** Anything else, as it stands, `repeat` times. */
  | { readonly kind: 'raw'; readonly contentType?: string; readonly body: string; readonly repeat?: number }
  /** The right answer, changed. */
  | { readonly kind: 'altered'; readonly alter: (answer: Answer) => unknown }
  /** The right answer as text, changed. */
  | { readonly kind: 'rewritten'; readonly rewrite: (json: string) => string };

/** A deep copy of the right answer: what tests change in those of vLLM, SGLang and TGI. */
export interface Answer {
  readonly choices: [{ logprobs: { readonly tokens: string[]; readonly token_logprobs: (number | null)[] } | null }];
  readonly meta_info: { readonly input_token_logprobs: [number | null, number, null][] };
  readonly details: { readonly prefill: { id: number; logprob: number | null }[] };
}

export interface ScoringServer {
  readonly url: string;
  readonly requests: readonly ScoringRequest[];
  /** The largest number of requests that were open at once. */
  readonly peak: () => number;
  /** Connections that are open now. */
  readonly open: () => number;
  /** What requests get from now on. `number` counts the requests to that path since then, from 1. */
  readonly become: (trouble: (request: ScoringRequest, number: number) => Trouble | undefined) => void;
  /** Breaks open connections. */
  readonly close: () => Promise<void>;
}

export interface ScoringServerOptions {
  /** Requests without `Bearer <key>` get 401. */
  readonly key?: string;
}

/** Undefined: no such path. */
export type Answers = (request: ScoringRequest) => unknown;

/** An answer that is an error of the server's own. */
export class Refusal {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    this.status = status;
    this.body = body;
  }
}

export async function startScoringServer(answers: Answers, options: ScoringServerOptions = {}): Promise<ScoringServer> {
  const requests: ScoringRequest[] = [];
  let trouble: (request: ScoringRequest, number: number) => Trouble | undefined = () => undefined;
  let numbers = new Map<string, number>();
  let open = 0;
  let peak = 0;

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await receive(message);
    requests.push(request);
    open += 1;
    peak = Math.max(peak, open);
    response.once('close', () => (open -= 1));
    if (options.key !== undefined && request.headers.authorization !== `Bearer ${options.key}`) {
      send(response, 401, { error: `no access with ${request.headers.authorization ?? 'nothing'}` });
      return;
    }
    const number = (numbers.get(request.path) ?? 0) + 1;
    numbers.set(request.path, number);
    await act(trouble(request, number), answers(request), response);
  };

  const server = createServer((message, response) => {
    serve(message, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    peak: () => peak,
    open: () => open,
    become: (next) => {
      trouble = next;
      numbers = new Map();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function receive(message: IncomingMessage): Promise<ScoringRequest> {
  const pieces: Buffer[] = [];
  for await (const one of message) pieces.push(one as Buffer);
  const text = Buffer.concat(pieces).toString('utf8');
  return { method: message.method ?? '', path: message.url ?? '', headers: message.headers, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

async function act(trouble: Trouble | undefined, answer: unknown, response: ServerResponse): Promise<void> {
  if (trouble === undefined) {
    if (answer === undefined) send(response, 404, { detail: 'Not Found' });
    else if (answer instanceof Refusal) send(response, answer.status, answer.body);
    else send(response, 200, answer);
    return;
  }
  const json = JSON.stringify(answer ?? null);
  switch (trouble.kind) {
    case 'status':
      for (const [name, value] of Object.entries(trouble.headers ?? {})) response.setHeader(name, value);
      send(response, trouble.status, { error: { message: trouble.message ?? 'as scripted' } });
      return;
    case 'late':
      await sleep(trouble.milliseconds);
      send(response, 200, answer);
      return;
    case 'hang':
      return;
    case 'drop':
      response.destroy();
      return;
    case 'half':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(json)) });
      await new Promise<void>((resolve) => response.write(json.slice(0, json.length / 2), () => resolve()));
      response.destroy();
      return;
    case 'truncated':
      sendText(response, json.slice(0, -2));
      return;
    case 'raw':
      response.writeHead(200, { 'content-type': trouble.contentType ?? 'application/json' });
      await pipeline(Readable.from(Array<string>(trouble.repeat ?? 1).fill(trouble.body)), response);
      return;
    case 'altered':
      send(response, 200, trouble.alter(structuredClone(answer) as Answer));
      return;
    case 'rewritten':
      sendText(response, trouble.rewrite(json));
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function sendText(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(body);
}
