import { describe, expect, it } from 'vitest';
import { SymbolSearch } from '../../src/languageService/workspaceSymbols';
import { alpaca, exampleDataset } from './support/exampleDataset';

const dataset = exampleDataset(
  [
    alpaca('Write a haiku about rain.', 'x'),
    alpaca('Rain is falling: what now?', 'x'),
    '[1]',
    alpaca('List three trains.', 'x'),
    alpaca('Read all instructions now.', 'x'),
    alpaca('Count to ten and then, when you are done with all of it, tell me what a Rainbow 🌈 is\nmade of.', 'x'),
    alpaca('Name a colour.', 'Nothing about the weather.'),
    '{"instruction": "Was it a tr\\u00e8s long day, or a day that went by as all the others did, caf\\u00e9 by caf\\u00e9?", "output": "Oui."}',
  ].join('\n'),
);

function found(query: string, limit?: number): string[] {
  const search = new SymbolSearch(query, limit);
  for (let line = 0; line < dataset.lineCount; line++) search.look(dataset, line);
  if (search.hungry) for (let line = 0; line < dataset.lineCount; line++) search.lookDeeper(dataset, line, (there) => dataset.parsed(there));
  return search.results().map(({ name, containerName }) => `${containerName ?? ''}: ${name}`);
}

describe('symbols of the workspace', () => {
  it('are ranked: titles that start so, whole words, parts of words, letters in order, and then what stands deeper', () => {
    expect(found('rain')).toEqual([
      'line 2: Rain is falling: what now?',
      'line 1: Write a haiku about rain.',
      'line 4: List three trains.',
      'line 5: Read all instructions now.',
      'line 6: … it, tell me what a Rainbow 🌈 is made of.',
    ]);
  });

  it.each([
    ['several words in any order', 'rain haiku', ['line 1: Write a haiku about rain.']],
    ['words of a response do not count', 'weather', []],
    ['escaped letters are read', 'CAFÉ others', ['line 8: … the others did, café by café?']],
    ['two letters are looked for in titles only', 'qq', []],
  ])('%s', (_, query, expected) => {
    expect(found(query)).toEqual(expected);
  });

  it('without a query are the first', () => {
    expect(found('', 2)).toEqual(['line 1: Write a haiku about rain.', 'line 2: Rain is falling: what now?']);
  });

  it('are no more than the limit', () => {
    expect(found('a', 3)).toHaveLength(3);
  });
});
