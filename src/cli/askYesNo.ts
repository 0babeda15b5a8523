import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';

export interface Asking {
  /** A terminal's keyboard. */
  readonly input: Readable;
  readonly output: Writable;
  readonly signal: AbortSignal;
}

/** Asks a person until the end of one line; anything but y or yes is no, and so is the end of the input. */
export async function askYesNo(question: string, { input, output, signal }: Asking): Promise<boolean> {
  // Without line editing Ctrl+C stays what it is everywhere else: the signal that ends the command.
  const lines = createInterface({ input, output, terminal: false });
  try {
    const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    const answer = await Promise.race([lines.question(`${question} [y/N] `, { signal }), ended]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
