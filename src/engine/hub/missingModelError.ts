/** A model that is not on this machine, or not wholly. The message says what is missing, where it was looked for, and what helps. */
export class MissingModelError extends Error {
  override readonly name = 'MissingModelError';
  /** The name under which the hub has it, where a download can help. */
  readonly download: string | undefined;

  constructor(message: string, download?: string) {
    super(message);
    this.download = download;
  }
}

const longestList = 8;

/** `a, b and c`; a long list is cut and says so. */
export function listed(names: readonly string[]): string {
  const shown = names.length > longestList ? [...names.slice(0, longestList - 1), `${names.length - longestList + 1} more`] : names;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
}
