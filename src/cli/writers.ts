import { once } from 'node:events';
import { Pace } from '../core/pace';
import type { Writable } from 'node:stream';

/** Where a command prints: results on `out`, everything said to a person on `err`. */
export interface Terminal {
  readonly out: Writable;
  readonly err: Writable;
}

/** Writes and waits where the reader is slower than we are, so that a long output does not pile up in memory. */
export async function print(stream: Writable, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}

export async function printJson(stream: Writable, value: unknown): Promise<void> {
  await print(stream, `${JSON.stringify(value)}\n`);
}

/** Characters written at once where there are many lines. */
const gatherLength = 1 << 16;

/** Small texts, of which there may be millions, in pieces that are worth a write each. */
export function* gathered(texts: Iterable<string>): Generator<string> {
  let piece = '';
  for (const text of texts) {
    piece += text;
    if (piece.length < gatherLength) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

/**
 * A progress line on a terminal that overwrites itself; silent where standard error is a file or a pipe. With the share of the
 * work that is done, from 0 to 1, it says how fast it goes and how long it will take.
 */
export function progressLine(err: Writable & { isTTY?: boolean }, title: string): { update(done: number, total?: number, share?: number): void; end(): void } {
  const pace = new Pace(Date.now());
  let last = 0;
  return {
    update(done, total, share) {
      const now = Date.now();
      if (!err.isTTY || now - last < 100) return;
      last = now;
      const part = total ? ` of ${total} (${Math.floor(100 * (share ?? done / total))} %)` : '';
      const speed = share === undefined ? '' : pace.describe(now, done, share);
      err.write(`\r${title}: ${done}${part}${speed}\u001b[K`);
    },
    end() {
      if (err.isTTY) err.write('\r\u001b[K');
    },
  };
}
