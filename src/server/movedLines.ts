import type { DatasetLine } from './datasetLine';

export interface MovedLine {
  /** As it stands now. */
  readonly line: DatasetLine;
  /** As it stood before. */
  readonly from: DatasetLine;
}

/** Pairs the lines that one change of a notification takes out with those of the same text that another one puts in. */
export class MovedLines {
  readonly #removed = new Map<string, DatasetLine[]>();
  readonly #made: { readonly text: string; readonly line: DatasetLine }[] = [];
  #watching = false;

  get watching(): boolean {
    return this.#watching;
  }

  /** @param several there are several changes. */
  begin(several: boolean): void {
    this.#watching = several;
  }

  removed(text: string, line: DatasetLine): void {
    if (!this.#watching || text === '') return;
    const others = this.#removed.get(text);
    if (others) others.push(line);
    else this.#removed.set(text, [line]);
  }

  made(text: string, line: DatasetLine): void {
    if (this.#watching && text !== '') this.#made.push({ text, line });
  }

  end(): readonly MovedLine[] {
    const moved = this.#made.flatMap(({ text, line }) => {
      const from = line.block && this.#removed.get(text)?.shift();
      return from ? [{ line, from }] : [];
    });
    this.#watching = false;
    this.#removed.clear();
    this.#made.length = 0;
    return moved;
  }
}
