/** Puts `text` in the place of the characters `[start, end)`. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies changes, ascending and apart. */
export function applyChanges(text: string, changes: readonly TextChange[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { start, end, text: put } of changes) {
    parts.push(text.slice(done, start), put);
    done = end;
  }
  parts.push(text.slice(done));
  return parts.join('');
}

/** The same change without what stays as it is at both its ends; undefined when nothing changes. */
export function trimChange(text: string, { start, end, text: put }: TextChange): TextChange | undefined {
  const old = text.slice(start, end);
  let head = 0;
  while (head < old.length && head < put.length && old[head] === put[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < put.length - head && old.at(-1 - tail) === put.at(-1 - tail)) tail++;
  if (head === old.length && head === put.length) return undefined;
  return { start: start + head, end: end - tail, text: put.slice(head, put.length - tail) };
}
