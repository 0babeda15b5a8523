import { stat } from 'node:fs/promises';
import { DatasetError } from './dataset';

/** Throws a `DatasetError` when writing to `out` would replace a file that is read, whatever links lead there. Devices and pipes are never replaced. */
export async function assertOtherFile(out: string, ...inputs: readonly string[]): Promise<void> {
  const id = await identity(out);
  for (const input of inputs) {
    if (id !== undefined && id === (await identity(input))) {
      throw new DatasetError(`${out} is the same file as ${input}, which is read; choose another file to write to.`);
    }
  }
}

/** Undefined for what cannot be replaced: nothing is there, or no file. */
async function identity(file: string): Promise<string | undefined> {
  try {
    const found = await stat(file, { bigint: true });
    return found.isFile() ? `${found.dev} ${found.ino}` : undefined;
  } catch {
    return undefined; // Reading or writing it says what is wrong, better than this check could.
  }
}
