/** The same choices, the one that was chosen last time in front. */
export function lastFirst<T extends { readonly id: string }>(choices: readonly T[], last: string | undefined): T[] {
  return [...choices.filter(({ id }) => id === last), ...choices.filter(({ id }) => id !== last)];
}
