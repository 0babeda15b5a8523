import { Uri, window } from 'vscode';
import type { Pages } from '../bigFiles/pages';
import { activeFile } from '../bigFiles/openTabs';
import { bigFileArguments, readArgument } from '../commandArguments';
import type { Command } from './command';

/** A file of any size, page by page; from the explorer the one that was clicked. */
export function openBigFile(pages: Pages): Command {
  return {
    id: 'cupel.openBigFile',
    failure: 'The file could not be opened in Cupel',
    async run(argument) {
      const given = argument instanceof Uri ? { uri: argument.toString() } : readArgument(bigFileArguments, argument);
      const file = given ? Uri.parse(given.uri, true) : (activeFile() ?? (await chooseFile()));
      if (!file) return undefined;
      if (file.scheme !== 'file') throw new Error('only files on disk can be shown by pages');
      const page = await pages.show(file, (given?.record ?? 1) - 1);
      return page && { uri: page.uri.toString(), lines: page.lines };
    },
  };
}

async function chooseFile(): Promise<Uri | undefined> {
  const chosen = await window.showOpenDialog({ title: 'Open in Cupel', openLabel: 'Open', filters: { JSONL: ['jsonl', 'ndjson'], 'All Files': ['*'] } });
  return chosen?.[0];
}
