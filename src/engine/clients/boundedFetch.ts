/**
 * One HTTP exchange that can neither hang nor flood: `fetch` with a limit on silence and on size.
 * The `openai` package reads a reply without bounds; this stands below it.
 */
export interface WireLimits {
  /** Milliseconds without a byte, before the headers or between two pieces of the body. */
  readonly idleMs: number;
  readonly maxBytes: number;
  /** Bytes without the blank line that ends a server-sent event: the reader above copies the unfinished event with every piece. */
  readonly maxEventBytes: number;
}

export type WireFailure = 'idle' | 'too-large';

/** For one request. */
export interface BoundedFetch {
  readonly fetch: (url: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Why this exchange was broken off from our side, if it was. */
  readonly failure: () => WireFailure | undefined;
  /** Ends the exchange and closes its connection. */
  readonly end: () => void;
}

const maxErrorBytes = 64 * 1024;

/** `headers` replaces what the caller sends, so that nothing reaches a server that its settings do not name. */
export function createBoundedFetch(limits: WireLimits, headers: Readonly<Record<string, string>>): BoundedFetch {
  const breakOff = new AbortController();
  let failure: WireFailure | undefined;
  let timer: NodeJS.Timeout | undefined;

  const fail = (why: WireFailure): void => {
    failure ??= why;
    breakOff.abort(new Error(why));
  };
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(fail, limits.idleMs, 'idle');
  };

  return {
    fetch: async (url, init) => {
      heard();
      const signal = init?.signal ? AbortSignal.any([init.signal, breakOff.signal]) : breakOff.signal;
      const response = await fetch(url, { ...init, headers, signal });
      heard();
      if (response.body === null) return response;
      const body = response.body.pipeThrough(watch(limits, heard, () => fail('too-large')));
      const about = { status: response.status, statusText: response.statusText, headers: response.headers };
      return response.ok ? new Response(body, about) : new Response(await readStart(body, maxErrorBytes), about);
    },
    failure: () => failure,
    end: () => {
      clearTimeout(timer);
      breakOff.abort(new Error('ended'));
    },
  };
}

const LF = 0x0a;
const CR = 0x0d;

function watch(limits: WireLimits, heard: () => void, tooLarge: () => void): TransformStream<Uint8Array, Uint8Array> {
  let total = 0;
  let event = 0;
  /** Bytes of the present line; a lone CR does not count. */
  let line = 0;
  return new TransformStream({
    transform(chunk, controller) {
      heard();
      total += chunk.length;
      for (const byte of chunk) {
        event += 1;
        if (byte === LF) {
          if (line === 0) event = 0;
          line = 0;
        } else if (byte !== CR) line += 1;
      }
      if (total > limits.maxBytes || event > limits.maxEventBytes) {
        tooLarge();
        controller.error(new Error('too large'));
        return;
      }
      controller.enqueue(chunk);
    },
  });
}

/** An error's explanation stands at its start; the rest is not read. */
async function readStart(body: ReadableStream<Uint8Array>, limit: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    pieces.push(piece);
    length += piece.length;
    if (length >= limit) break;
  }
  return Buffer.concat(pieces).subarray(0, limit).toString('utf8');
}
