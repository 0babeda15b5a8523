import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A real model hub on 127.0.0.1 with the part of Hugging Face's API that downloads use, and a second server on a port of its
 * own that large files are redirected to, as to a storage network.
 */

export interface HubModel {
  readonly files: Readonly<Record<string, string | Buffer>>;
  readonly gated?: 'auto' | 'manual';
  readonly licence?: string;
}

/** What a request gets in place of what it should. */
export type HubBehaviour =
  /** The connection breaks after so many bytes of the body. */
  | { readonly kind: 'cut'; readonly after: number }
  /** The body ends properly, but after so many bytes. */
  | { readonly kind: 'short'; readonly after: number }
  /** So many bytes, then silence. */
  | { readonly kind: 'hang'; readonly after: number }
  | { readonly kind: 'ignoreRange' }
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'raw'; readonly body: string | Buffer; readonly contentType?: string; readonly headers?: Readonly<Record<string, string>> };

export interface HubRequestSeen {
  readonly server: 'hub' | 'storage';
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Of the body that was sent. */
  bytes: number;
}

export interface HubServer {
  readonly url: string;
  /** `host:port` of the server that large files come from. */
  readonly storage: string;
  readonly requests: readonly HubRequestSeen[];
  /** Paths of the files that were asked of the storage, or of the hub itself, each with the bytes that were sent. */
  readonly served: () => readonly string[];
  /** What later requests get; undefined for what they should. `number` counts from 1 over all requests of one path. */
  readonly become: (behave: (request: HubRequestSeen, number: number) => HubBehaviour | undefined) => void;
  readonly close: () => Promise<void>;
}

export const revision = '607a30d783dfa663caf39e06633721c8d4cfcd7e';

export async function startHubServer(models: Readonly<Record<string, HubModel>>, { token }: { readonly token?: string } = {}): Promise<HubServer> {
  const requests: HubRequestSeen[] = [];
  let behave: (request: HubRequestSeen, number: number) => HubBehaviour | undefined = () => undefined;

  const serve = (server: 'hub' | 'storage', answer: (request: HubRequestSeen) => Answer) => (message: IncomingMessage, response: ServerResponse) => {
    const seen: HubRequestSeen = { server, path: decodeURIComponent(new URL(message.url ?? '', 'http://hub').pathname), headers: message.headers, bytes: 0 };
    requests.push(seen);
    const number = requests.filter((one) => one.server === server && one.path === seen.path).length;
    send(response, seen, answer(seen), behave(seen, number));
  };

  const storage = createServer(serve('storage', ({ path }) => fileAnswer(contentOf(models, path))));
  const storageHost = await listen(storage);
  const hub = createServer(
    serve('hub', ({ path, headers }) => {
      const { name, rest } = parse(path, models);
      const model = models[name];
      if (model === undefined) return refusal(401, { 'x-error-code': 'RepoNotFound', 'x-error-message': 'Invalid username or password.' });
      const sent = headers.authorization;
      if (sent !== undefined && sent !== `Bearer ${token ?? ''}`) return refusal(401, { 'x-error-message': 'Invalid credentials in Authorization header' });
      if (rest === 'revision/main') return json({ _id: '1', id: name, sha: revision, private: false, gated: model.gated ?? false, lastModified: '2024-02-19T10:57:45.000Z', tags: ['transformers', `license:${model.licence ?? 'mit'}`] });
      if (rest === `tree/${revision}`) return json(listing(model));
      const file = model.files[rest.replace(`resolve/${revision}/`, '')];
      if (file === undefined) return refusal(404, { 'x-error-code': 'EntryNotFound' });
      if (model.gated !== undefined && sent === undefined) return refusal(401, { 'x-error-code': 'GatedRepo' });
      if (isLarge(rest)) return { status: 302, headers: { location: `http://${storageHost}${path}?signature=secret` }, body: Buffer.alloc(0) };
      return fileAnswer(Buffer.from(file));
    }),
  );
  const host = await listen(hub);
  return {
    url: `http://${host}`,
    storage: storageHost,
    requests,
    served: () => requests.filter(({ path, bytes }) => path.includes('/resolve/') && bytes > 0).map(({ path, bytes }) => `${path.split('/').at(-1) ?? ''} ${bytes}`),
    become: (next) => (behave = next),
    close: async () => {
      for (const server of [hub, storage]) {
        await new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        });
      }
    },
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** A file, of which a part can be asked for. */
  readonly ranged?: boolean;
}

function json(value: unknown): Answer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(value)) };
}

function refusal(status: number, headers: Readonly<Record<string, string>>): Answer {
  return { status, headers, body: Buffer.from('{"error":"as the hub says"}') };
}

function fileAnswer(body: Buffer): Answer {
  return { status: 200, headers: {}, body, ranged: true };
}

/** What was asked for of an answer, unless the server is to know no ranges. */
function partOf(answer: Answer, range: string | undefined): Answer {
  const [, from] = /^bytes=(\d+)-$/.exec(range ?? '') ?? [];
  if (answer.ranged !== true || from === undefined) return answer;
  const { length } = answer.body;
  return { status: 206, headers: { 'content-range': `bytes ${from}-${length - 1}/${length}` }, body: answer.body.subarray(Number(from)) };
}

function instead(answer: Answer, behaviour: HubBehaviour | undefined, range: string | undefined): Answer {
  switch (behaviour?.kind) {
    case 'ignoreRange':
      return answer;
    case 'status':
      return { status: behaviour.status, headers: behaviour.headers ?? {}, body: Buffer.from('no') };
    case 'redirect':
      return { status: 302, headers: { location: behaviour.to }, body: Buffer.alloc(0) };
    case 'raw':
      return { status: 200, headers: { 'content-type': behaviour.contentType ?? 'application/json', ...behaviour.headers }, body: Buffer.from(behaviour.body) };
    default:
      return partOf(answer, range);
  }
}

function send(response: ServerResponse, seen: HubRequestSeen, answer: Answer, behaviour: HubBehaviour | undefined): void {
  const { status, headers, body } = instead(answer, behaviour, seen.headers.range);
  const stops = behaviour?.kind === 'cut' || behaviour?.kind === 'hang' || behaviour?.kind === 'short';
  const sent = stops ? body.subarray(0, behaviour.after) : body;
  seen.bytes = sent.length;
  response.writeHead(status, { ...headers, ...(behaviour?.kind === 'short' ? { 'transfer-encoding': 'chunked' } : { 'content-length': body.length }) });
  if (behaviour?.kind === 'cut') response.write(sent, () => response.destroy());
  else if (behaviour?.kind === 'hang') response.write(sent);
  else response.end(sent);
}

/** As the hub's tree: large files carry their SHA-256, all files git's SHA-1. */
function listing({ files }: HubModel): unknown[] {
  return Object.entries(files).map(([path, text]) => {
    const content = Buffer.from(text);
    const oid = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
    const lfs = { oid: createHash('sha256').update(content).digest('hex'), size: content.length, pointerSize: 134 };
    return { type: 'file', path, size: content.length, oid, ...(isLarge(path) && { lfs, xetHash: lfs.oid }) };
  });
}

function isLarge(path: string): boolean {
  return /\.(safetensors|bin|onnx|h5)$/.test(path);
}

function contentOf(models: Readonly<Record<string, HubModel>>, path: string): Buffer {
  const { name, rest } = parse(path, models);
  return Buffer.from(models[name]?.files[rest.replace(`resolve/${revision}/`, '')] ?? '');
}

/** `/api/models/<name>/…` and `/<name>/resolve/…`: a name has one part or two. */
function parse(path: string, models: Readonly<Record<string, HubModel>>): { readonly name: string; readonly rest: string } {
  const parts = path.replace(/^\/(api\/models\/)?/, '').split('/');
  const one = parts[0] ?? '';
  const length = models[one] === undefined ? 2 : 1;
  return { name: parts.slice(0, length).join('/'), rest: parts.slice(length).join('/') };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
