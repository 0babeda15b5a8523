import { TabInputText, Uri, window, type Tab } from 'vscode';
import { fileOf, pageScheme } from '../../protocol/pageUri';

/** Above this VS Code keeps a document from extensions: it is no active editor to them, only a tab. */
export const largestDocument = 50 * 1024 * 1024;

/** What the tab shows: a text file or a page of one. */
export function uriOfTab(tab: Tab | undefined): Uri | undefined {
  return tab?.input instanceof TabInputText ? tab.input.uri : undefined;
}

/** The dataset file of the active tab, for a page the whole file; undefined for another kind of tab. */
export function activeFile(): Uri | undefined {
  const uri = uriOfTab(window.tabGroups.activeTabGroup.activeTab);
  const file = uri && Uri.parse(fileOf(uri.toString()), true);
  return file?.scheme === 'file' && (uri?.scheme === pageScheme || isDatasetName(file)) ? file : undefined;
}

export function isDatasetName({ path }: Uri): boolean {
  return /\.(?:jsonl|ndjson)$/iu.test(path);
}
