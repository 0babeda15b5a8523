/** An edit of a document as editors report it: what stood in the range, and what stands there now. */
export interface LineEdit {
  readonly range: { readonly start: Place; readonly end: Place };
  readonly text: string;
}

interface Place {
  readonly line: number;
  readonly character: number;
}

/**
 * Where a line is after edits, which apply one after another. A line that was edited inside is still that line; undefined when the
 * whole of it was taken away or written anew, so that only its content can tell.
 */
export function followLine(line: number, edits: readonly LineEdit[]): number | undefined {
  let at = line;
  for (const { range, text } of edits) {
    const { start, end } = range;
    const breaks = countBreaks(text);
    const isAbove = end.line < at || (end.line === at && end.character === 0);
    if (isAbove) at += breaks - (end.line - start.line);
    else if (start.line < at || (start.line === at && start.character === 0 && (end.line > at || breaks > 0))) return undefined;
  }
  return at;
}

function countBreaks(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}
