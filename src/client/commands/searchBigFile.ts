import path from 'node:path';
import { Uri } from 'vscode';
import { activeFile } from '../bigFiles/openTabs';
import { chooseHit, searchFile, type SearchPorts } from '../bigFiles/search';
import { askForQuery } from '../bigFiles/searchInput';
import { readArgument, searchArguments } from '../commandArguments';
import type { Command } from './command';

/** The whole file, not only the page that is shown. With an argument it only answers what it found. */
export function searchBigFile(ports: SearchPorts): Command {
  return {
    id: 'cupel.searchBigFile',
    failure: 'The file could not be searched',
    async run(argument) {
      const given = readArgument(searchArguments, argument);
      if (given) return searchFile(ports, Uri.parse(given.uri, true), given.query, given.from);
      const file = activeFile();
      if (!file) throw new Error('open a JSONL dataset first');
      const query = await askForQuery(path.basename(file.path));
      const found = query && (await searchFile(ports, file, query));
      if (query && found) await chooseHit(ports, file, query, found);
      return found;
    },
  };
}
