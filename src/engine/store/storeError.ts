import { errorCode, explainFileError } from '../files/fileErrors';

/** The user's folder of scores and proposals cannot be used; the message is one sentence for a person. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** Runs a step on `place` in that folder; what the file system says against it becomes a `StoreError`. */
export async function inStore<T>(place: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    throw new StoreError(`The folder of scores and proposals cannot be used: ${explainFileError(error, place)} CUPEL_HOME names another one.`, { cause: error });
  }
}
