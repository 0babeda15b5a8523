import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Texts shorter than this leave nothing behind that is worth a pause. */
const worthwhile = 4_000_000;

/**
 * Gives back what the coming of a large text has left behind: the message, its text and their decoded copies are several
 * times the file, and Node would keep them, and take their size for the usual one, until long after. Until `settleMemory`
 * the collector takes memory for dearer than time: reading a large file makes much that is used once.
 * Some ten milliseconds, so only where a whole file comes.
 *
 * @param length characters of the text.
 */
export function freeMemory(length: number): void {
  if (length < worthwhile) return;
  setFlagsFromString('--optimize-for-size');
  collector()();
}

/**
 * Once a large file has been read and measured: gives back what that took, and from here on keeps the pauses of the collector
 * rare, with a heap that may grow by a tenth over what is in use; by default it would double.
 *
 * @param length characters of the text.
 */
export function settleMemory(length: number): void {
  if (length < worthwhile) return;
  collector()();
  setFlagsFromString('--no-optimize-for-size');
  setFlagsFromString('--heap-growing-percent=10');
}

let collect: (() => void) | undefined;

/** Does nothing where the runtime does not let its collector be called. */
function collector(): () => void {
  if (collect) return collect;
  setFlagsFromString('--expose-gc');
  collect = (runInNewContext('typeof gc === "function" ? gc : undefined') as (() => void) | undefined) ?? (() => undefined);
  return collect;
}
