import { listFiles, modelInfo } from '@huggingface/hub';
import { z } from 'zod';
import { errorMessage } from '../../base/errorMessage';
import { retry } from '../jobs/retry';
import { HubError } from './hubError';
import { exchange, gatedError, type Hub, type HubRequest } from './hubWire';

/** A file at the top of a repository. */
export interface ListedFile {
  readonly bytes: number;
  /** Its name in `blobs` of the cache: SHA-256 (64 hex digits) of a large file, else git's SHA-1 (40). */
  readonly blob: string;
}

export interface HubListing {
  /** The commit that `main` stands at: 40 hex digits. */
  readonly revision: string;
  /** As the model's page says, such as `mit`. */
  readonly licence?: string;
  readonly files: ReadonlyMap<string, ListedFile>;
}

const infoSchema = z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/), gated: z.unknown(), tags: z.array(z.string()).optional() });
const bytes = z.int().min(0);
const fileSchema = z.object({
  path: z.string().max(1024),
  size: bytes,
  oid: z.string().regex(/^[0-9a-f]{40}$/),
  lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: bytes }).optional(),
});

/** A reply of the hub's API has a few kilobytes, a page of a listing below a megabyte. */
const maxReplyBytes = 16 << 20;
/** A model has tens of files at its top; a hub that lists on and on is not followed. */
const maxFiles = 5000;
const maxRequests = 20;

/**
 * What the hub has of a model at the tip of `main`.
 *
 * @throws HubError
 */
export async function listModel(model: string, hub: Hub, signal: AbortSignal): Promise<HubListing> {
  const repo = { type: 'model', name: model } as const;
  let requests = 0;
  // The library gets no token: it would send it wherever a reply's next page leads.
  const libraryFetch = async (input: Parameters<typeof fetch>[0]): Promise<Response> => {
    requests += 1;
    if (requests > maxRequests) throw new HubError(`${hub.endpoint} lists the files of ${model} without end.`);
    const url = input instanceof Request ? input.url : input.toString();
    const { body, link } = await readReply({ model, url, headers: { accept: 'application/json' }, signal }, hub);
    return new Response(body, { headers: link === null ? {} : { link } });
  };
  try {
    const about = { hubUrl: hub.endpoint, fetch: libraryFetch };
    const info = infoSchema.parse(await modelInfo({ ...about, name: model, revision: 'main', additionalFields: ['sha', 'tags'] }));
    if (Boolean(info.gated) && hub.token === undefined) throw gatedError(model, `${hub.endpoint}/${model}`, hub);
    const files = new Map<string, ListedFile>();
    for await (const entry of listFiles({ ...about, repo, revision: info.sha })) {
      if (entry.type !== 'file') continue;
      const { path, size, oid, lfs } = fileSchema.parse(entry);
      if (lfs !== undefined && lfs.size !== size) throw new HubError(`${hub.endpoint} gives two sizes for ${JSON.stringify(path)} of ${model}.`);
      files.set(path, { bytes: size, blob: lfs?.oid ?? oid });
      if (files.size > maxFiles) throw new HubError(`${hub.endpoint} lists the files of ${model} without end.`);
    }
    const licence = info.tags?.find((tag) => /^license:[\w.-]{1,60}$/.test(tag))?.slice('license:'.length);
    return { revision: info.sha, files, ...(licence !== undefined && { licence }) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof HubError) throw error;
    throw new HubError(`${hub.endpoint} does not answer as a model hub does (${explain(error)}); check HF_ENDPOINT, or whether a proxy answers in its place.`);
  }
}

/** A small file of a model, such as an index of shards. */
export async function readHubFile(model: string, url: string, hub: Hub, signal: AbortSignal): Promise<string> {
  return (await readReply({ model, url, signal }, hub)).body.toString('utf8');
}

interface SmallReply {
  readonly body: Buffer<ArrayBuffer>;
  /** Where a listing goes on. */
  readonly link: string | null;
}

function readReply(request: HubRequest, hub: Hub): Promise<SmallReply> {
  const attempt = (): Promise<SmallReply> =>
    exchange(request, hub, async ({ pieces, host, headers }) => {
      const read: Uint8Array[] = [];
      let length = 0;
      for await (const piece of pieces) {
        read.push(piece);
        length += piece.length;
        if (length > maxReplyBytes) throw new HubError(`${host} sends more than ${maxReplyBytes >> 20} MB about ${request.model}.`);
      }
      return { body: Buffer.concat(read), link: headers.get('link') };
    });
  return retry(attempt, { judge: verdictOf, backoff: hub.backoff, attempts: () => 4, signal: request.signal });
}

export function verdictOf(error: unknown): HubError['verdict'] {
  return error instanceof HubError ? error.verdict : { again: false };
}

function explain(error: unknown): string {
  if (error instanceof z.ZodError) return `no usable "${error.issues[0]?.path.join('.') ?? ''}"`;
  if (error instanceof SyntaxError) return 'its reply is not JSON';
  return errorMessage(error).slice(0, 120);
}
