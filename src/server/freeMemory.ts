import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Texts shorter than this leave nothing behind that is worth a pause. */
const worthwhile = 4_000_000;

/**
 * Gives back what the coming of a large text has left behind: the message, its text and their decoded copies are several
 * times the file, and Node would keep them, and take their size for the usual one, until long after.
 * Some ten milliseconds, so only where a whole file comes.
 *
 * @param length characters of the text.
 */
export function freeMemory(length: number): void {
  if (length < worthwhile) return;
  collect ??= collector();
  collect();
}

let collect: (() => void) | undefined;

/**
 * From here on the collector takes memory for dearer than time: with a large file open it would let the heap grow to twice
 * of what is in use. Does nothing where the runtime does not let its collector be called.
 */
function collector(): () => void {
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('typeof gc === "function" ? gc : undefined') as (() => void) | undefined;
  return gc ?? (() => undefined);
}
