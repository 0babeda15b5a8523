import path from 'node:path';
import { FileSystemError, window, workspace, type Disposable, type Memento, type Uri } from 'vscode';
import { formatBytes } from '../../base/formatBytes';
import type { Messages } from '../messages';
import { isDatasetName, largestDocument, uriOfTab } from './openTabs';
import type { Pages } from './pages';

const refusedKey = 'bigFiles.refused';

export interface OfferPorts {
  readonly pages: Pages;
  readonly messages: Messages;
  /** Files for which the person wants no offer. */
  readonly memory: Memento;
}

/** Offers "Open in Cupel" once for each dataset that VS Code shows but keeps from extensions. */
export class BigFileOffer implements Disposable {
  readonly #ports: OfferPorts;
  readonly #looked = new Set<string>();
  readonly #listener: Disposable;

  constructor(ports: OfferPorts) {
    this.#ports = ports;
    this.#listener = window.tabGroups.onDidChangeTabs(() => this.#look());
    this.#look();
  }

  dispose(): void {
    this.#listener.dispose();
  }

  #look(): void {
    for (const { activeTab } of window.tabGroups.all) {
      const uri = uriOfTab(activeTab);
      if (uri?.scheme !== 'file' || !isDatasetName(uri) || this.#looked.has(uri.toString())) continue;
      this.#looked.add(uri.toString());
      this.#offer(uri).catch((error: unknown) => {
        // A tab may outlive its file.
        if (!(error instanceof FileSystemError)) this.#ports.messages.failure('A big file could not be looked at', error);
      });
    }
  }

  async #offer(file: Uri): Promise<void> {
    const { pages, messages, memory } = this.#ports;
    const { size } = await workspace.fs.stat(file);
    // The limit is of characters: a file of many bytes a character may be open all the same.
    if (size <= largestDocument || workspace.textDocuments.some(({ uri }) => uri.toString() === file.toString())) return;
    const refused = memory.get<readonly string[]>(refusedKey, []);
    if (refused.includes(file.toString())) return;
    messages.info(`${path.basename(file.path)} is ${formatBytes(size)}, and VS Code does not hand files over 50 MB to extensions. Open it in Cupel to see its records, page by page?`, {
      'Open in Cupel': () => pages.show(file, 0),
      'Not Now': () => undefined,
      'Never for This File': () => memory.update(refusedKey, [...refused, file.toString()]),
    });
  }
}
