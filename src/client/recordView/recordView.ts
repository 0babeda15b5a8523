import type { TextDocumentChangeEvent, Uri } from 'vscode';
import type { RecordDocument } from '../../protocol/lsp';
import { followLine } from './followLine';
import type { RecordPlace } from './recordUri';

/** One record as a document: where it stands in its dataset now, and its text as the server last wrote it. */
export class RecordView {
  readonly uri: Uri;
  readonly dataset: string;
  #line: number;
  #key: string;
  /** The line is followed from edit to edit; else the record must be looked for by its key. */
  #followed = false;
  #bytes: Uint8Array | undefined;
  #text = '';
  readOnly = false;
  #stamp = 0;
  /** For a version of the record that an open text was written from, the one that the text stands for since it was saved. */
  readonly #savedAs = new Map<string, string>();

  constructor(uri: Uri, { dataset, line, key }: RecordPlace) {
    this.uri = uri;
    this.dataset = dataset;
    this.#line = line;
    this.#key = key;
  }

  get line(): number {
    return this.#line;
  }

  get key(): string {
    return this.#key;
  }

  get followed(): boolean {
    return this.#followed;
  }

  get text(): string {
    return this.#text;
  }

  /** Undefined until the record has been read, and while it is not there. */
  get bytes(): Uint8Array | undefined {
    return this.#bytes;
  }

  /**
   * What VS Code tells versions of a file by; smaller for a newer one. It takes a file with a later time than its own for changed
   * by somebody else and asks whether to overwrite: this one never is later, so that saving always comes here to be checked.
   */
  get stamp(): number {
    return this.#stamp;
  }

  /** Takes in the record as it is now. True when its text is another than before. */
  update({ text, line, key, readOnly }: RecordDocument, mark: string): boolean {
    this.#line = line;
    this.#key = key;
    this.#followed = true;
    this.readOnly = readOnly;
    const marked = mark + text;
    if (this.#bytes && this.#text === marked) return false;
    this.#text = marked;
    this.#bytes = new TextEncoder().encode(marked);
    this.#stamp -= 1;
    return true;
  }

  /** True when the record had been there. */
  lose(): boolean {
    const known = this.#bytes !== undefined;
    this.#bytes = undefined;
    return known;
  }

  follow({ contentChanges }: TextDocumentChangeEvent): void {
    const line = this.#followed ? followLine(this.#line, contentChanges) : undefined;
    if (line === undefined) this.#followed = false;
    else this.#line = line;
  }

  /** The dataset is no longer open: what happens to it is not seen. */
  unfollow(): void {
    this.#followed = false;
  }

  /** The version of the record that an open text stands for. */
  versionBehind(written: string): string {
    return this.#savedAs.get(written) ?? written;
  }

  /** An open text, written from one version, stands for another: it was saved as that, or the person has seen that and keeps the text. */
  standsFor(written: string, version: string): void {
    if (written === version) this.#savedAs.delete(written);
    else this.#savedAs.set(written, version);
  }
}
