/** A checkpoint that cannot be used; the message is one sentence for a person that names the file and the remedy. */
export class CheckpointError extends Error {
  override readonly name: string = 'CheckpointError';
}

/** A file of the checkpoint is not there. */
export class MissingFileError extends CheckpointError {
  override readonly name = 'MissingFileError';
}
