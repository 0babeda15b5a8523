/** A selection of an editor, as far as lines go. */
interface LineSelection {
  readonly start: { readonly line: number };
  readonly end: { readonly line: number; readonly character: number };
  readonly isEmpty: boolean;
}

/**
 * The 0-based lines that selections touch, ascending, each once. A selection that ends before the first
 * character of a line, as one does after pressing Shift+Down, leaves that line out.
 */
export function selectedLines(selections: readonly LineSelection[]): number[] {
  const lines = new Set<number>();
  for (const { start, end, isEmpty } of selections) {
    const last = !isEmpty && end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
    for (let line = start.line; line <= last; line++) lines.add(line);
  }
  return [...lines].sort((a, b) => a - b);
}
