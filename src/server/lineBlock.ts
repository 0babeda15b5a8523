/** About as many characters as a block holds: an edit copies the blocks that it touches and no other. */
export const blockLength = 32_768;

const [lf, cr] = [10, 13];

/**
 * Some whole lines of a document with their line ends, and what is kept about each. The text lies outside of the heap, a byte
 * a character where it can, and never changes: an edit puts other blocks in this one's place. Offsets are UTF-16 units.
 */
export class LineBlock<S> {
  readonly lineCount: number;
  /** What is kept about each line; undefined where nothing is. */
  readonly slots: (S | undefined)[];
  /** Place among the blocks of the document; -1 once others stand in its place. */
  at = -1;
  /** Of the lines here: those that hold a record. */
  records = 0;
  /** Those that nobody has read. */
  unread = 0;
  /** Those that may hold something to measure and have not been asked about. */
  unasked = 0;
  readonly #bytes: Buffer;
  readonly #unit: 1 | 2;
  readonly #starts: Uint16Array | Uint32Array;

  /** @param ends the last line of the document is here, which has no line end. */
  constructor(text: string, ends: boolean, slots: (S | undefined)[] | undefined) {
    const bytes = Buffer.from(text, 'utf8');
    // Half a character does not survive UTF-8.
    this.#unit = bytes.length === text.length || bytes.toString('utf8') === text ? 1 : 2;
    this.#bytes = this.#unit === 1 ? bytes : Buffer.from(text, 'utf16le');
    this.#starts = lineStarts(this.#bytes, this.#unit, ends);
    this.lineCount = this.#starts.length;
    this.slots = slots ?? new Array<S | undefined>(this.lineCount).fill(undefined);
  }

  /** A line without its end. */
  text(line: number): string {
    return this.#read(this.#starts[line] ?? 0, this.#contentEnd(line));
  }

  /** How many bytes a line takes here, its end left out: no fewer than its characters. */
  size(line: number): number {
    return this.#contentEnd(line) - (this.#starts[line] ?? 0);
  }

  lineEnd(line: number): string {
    return this.#read(this.#contentEnd(line), this.#end(line));
  }

  /** The lines in `[from, to)` with their ends. */
  raw(from: number, to: number): string {
    return from >= to ? '' : this.#read(this.#starts[from] ?? 0, this.#end(to - 1));
  }

  #read(from: number, to: number): string {
    return this.#bytes.toString(this.#unit === 1 ? 'utf8' : 'utf16le', from, to);
  }

  #end(line: number): number {
    return this.#starts[line + 1] ?? this.#bytes.length;
  }

  #contentEnd(line: number): number {
    const start = this.#starts[line] ?? 0;
    const end = this.#end(line);
    const [last, before] = [this.#unitAt(end - this.#unit, start), this.#unitAt(end - 2 * this.#unit, start)];
    if (last === lf) return end - this.#unit * (before === cr ? 2 : 1);
    return last === cr ? end - this.#unit : end;
  }

  #unitAt(offset: number, start: number): number | undefined {
    if (offset < start) return undefined;
    return this.#unit === 1 ? this.#bytes[offset] : this.#bytes.readUInt16LE(offset);
  }
}

function lineStarts(bytes: Buffer, unit: 1 | 2, ends: boolean): Uint16Array | Uint32Array {
  const starts: number[] = [0];
  for (let at = 0; at < bytes.length; at += unit) {
    const code = bytes[at];
    if ((code !== lf && code !== cr) || (unit === 2 && bytes[at + 1] !== 0)) continue;
    const next = at + unit;
    if (code === cr && bytes[next] === lf && (unit === 1 || bytes[next + 1] === 0)) continue;
    starts.push(next);
  }
  if (!ends) starts.pop();
  return bytes.length < 0x10000 ? Uint16Array.from(starts) : Uint32Array.from(starts);
}

/** The text in pieces of whole lines: as many as fit into a block, at least one. Nothing for no text. */
export function* cutBlocks(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = blockEnd(text, start);
    yield text.slice(start, end);
    start = end;
  }
}

function blockEnd(text: string, start: number): number {
  if (text.length - start <= blockLength) return text.length;
  for (let end = start + blockLength; end > start; end--) if (endsLine(text, end)) return end;
  const from = start + blockLength;
  const feed = text.indexOf('\n', from);
  const until = feed < 0 ? text.length : feed + 1;
  const ret = text.slice(from, until).indexOf('\r');
  if (ret < 0 || from + ret + 2 === until) return until;
  return from + ret + 1;
}

/** A line ends just before `offset`. */
function endsLine(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset - 1);
  return code === lf || (code === cr && text.charCodeAt(offset) !== lf);
}
