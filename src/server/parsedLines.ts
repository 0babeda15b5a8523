import type { ParsedLine } from '../core/record/parseRecord';
import type { DatasetLine } from './datasetLine';

const most = { lines: 1000, characters: 16_000_000 };

/** The records read last, whole: what badges and cards ask for again. */
export class ParsedLines {
  readonly #lines = new Map<DatasetLine, { readonly parsed: ParsedLine; readonly length: number }>();
  #characters = 0;

  get(line: DatasetLine): ParsedLine | undefined {
    return this.#lines.get(line)?.parsed;
  }

  /** @param length of the text it was read from. */
  keep(line: DatasetLine, parsed: ParsedLine, length: number): void {
    this.delete(line);
    for (const oldest of this.#lines.keys()) {
      if (this.#lines.size < most.lines && this.#characters + length <= most.characters) break;
      this.delete(oldest);
    }
    this.#lines.set(line, { parsed, length });
    this.#characters += length;
  }

  delete(line: DatasetLine): void {
    const known = this.#lines.get(line);
    if (!known) return;
    this.#lines.delete(line);
    this.#characters -= known.length;
  }
}
