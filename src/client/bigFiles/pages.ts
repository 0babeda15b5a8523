import path from 'node:path';
import { EventEmitter, Range, Uri, window, type Disposable, type Event, type Tab } from 'vscode';
import { formatCount } from '../../core/scores/format';
import type { BigFile } from '../../protocol/lsp';
import { pageScheme, pageUri, parsePageUri } from '../../protocol/pageUri';
import type { Operations } from '../operations';
import { uriOfTab } from './openTabs';
import type { PageFiles } from './pageFiles';

/** A place in a line, in UTF-16 units. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** A page on the screen and the file that it is a part of. */
export interface ShownPage extends BigFile {
  readonly uri: Uri;
  readonly file: Uri;
}

/** Shows big files page by page, each file in one tab. */
export class Pages implements Disposable {
  readonly #operations: Operations;
  /** By URI of the page, as each was when it was read last. */
  readonly #known = new Map<string, BigFile>();
  readonly #changed = new EventEmitter<void>();
  readonly #reading: Disposable;

  constructor(operations: Operations, files: PageFiles) {
    this.#operations = operations;
    this.#reading = files.onDidRead(({ page, described }) => this.#learn(page, described));
  }

  /** Another page was read, or the same one as it is now. */
  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** The page in the active tab. */
  active(): ShownPage | undefined {
    const uri = uriOfTab(window.tabGroups.activeTabGroup.activeTab);
    const place = uri?.scheme === pageScheme ? parsePageUri(uri.toString()) : undefined;
    const known = uri && this.#known.get(uri.toString());
    return uri && place && known && { uri, file: Uri.parse(place.file, true), ...known };
  }

  /** Indexes a file and says which of its pages holds a line; undefined when the person cancelled that. */
  async describe(file: Uri, line: number): Promise<BigFile | undefined> {
    return this.#operations.runLate(`Opening ${path.basename(file.path)}`, 'cupel/bigFile/open', { uri: file.toString(), line });
  }

  /**
   * Shows the page that holds a line, with the cursor on it, in place of the page of the same file that is shown now.
   *
   * @returns the page, or undefined when the person cancelled.
   */
  async show(file: Uri, line: number, stretch: Stretch = { start: 0, end: 0 }): Promise<ShownPage | undefined> {
    const described = await this.describe(file, line);
    if (!described) return undefined;
    if (line >= described.lines) throw new Error(described.lines === 0 ? 'the file is empty' : `the file has only ${formatCount(described.lines)} lines`);
    const uri = Uri.parse(pageUri(file.toString(), described.firstLine, described.endLine), true);
    const before = window.tabGroups.activeTabGroup.activeTab;
    this.#learn(uri, described);
    const at = line - described.firstLine;
    await window.showTextDocument(uri, { preview: true, selection: new Range(at, stretch.start, at, stretch.end) });
    await closeReplaced(before, uri, file);
    return { uri, file, ...described };
  }

  dispose(): void {
    this.#reading.dispose();
    this.#changed.dispose();
  }

  #learn(page: Uri, { bytes, lines, firstLine, endLine }: BigFile): void {
    this.#known.set(page.toString(), { bytes, lines, firstLine, endLine });
    this.#changed.fire();
  }
}

/** Where tabs are not replaced by what comes next, the page before would stay. */
async function closeReplaced(before: Tab | undefined, shown: Uri, file: Uri): Promise<void> {
  const uri = uriOfTab(before);
  if (!before || !uri || before.isPinned || uri.toString() === shown.toString() || parsePageUri(uri.toString())?.file !== file.toString()) return;
  const there = window.tabGroups.all.flatMap(({ tabs }) => tabs).find((tab) => tab === before);
  if (there) await window.tabGroups.close(there, true);
}
