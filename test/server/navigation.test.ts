import { afterEach, describe, expect, it } from 'vitest';
import { CancellationTokenSource, type Location, type LocationLink, type SelectionRange, type WorkspaceSymbol } from 'vscode-languageserver/node';
import { alpaca } from '../languageService/support/exampleDataset';
import { TestEditor, type EditorOptions } from './support/testEditor';

const uri = 'file:///data/navigation.jsonl';
const story = 'Once upon a time there was a king who had three daughters and a very old horse that nobody dared to ride at night';
const lines = [
  alpaca('Tell me a story.', story),
  alpaca('Name a bird.', 'A wren.'),
  alpaca('Tell me a story.', 'No.'),
  '[1]',
  alpaca('Tell me a story!', `${story}.`),
  alpaca('Tell me a story.', story),
  alpaca('Tell me a story:', story.replace('night', 'noon')),
  alpaca('Tell me a story.', story.toUpperCase()),
];

const editors: TestEditor[] = [];

async function open(text = lines.join('\n'), options: EditorOptions = {}): Promise<TestEditor> {
  const editor = await TestEditor.start(options);
  editors.push(editor);
  await editor.open(uri, text);
  return editor;
}

afterEach(async () => {
  for (const editor of editors.splice(0)) await editor.stop();
});

const at = (line: number, character = 20) => ({ textDocument: { uri }, position: { line, character } });

async function referenceLines(editor: TestEditor, line: number, includeDeclaration = true): Promise<number[] | null> {
  const found = await editor.connection.sendRequest<Location[] | null>('textDocument/references', { ...at(line), context: { includeDeclaration } });
  return found?.map(({ range }) => range.start.line) ?? null;
}

describe('over the wire', () => {
  it('definition leads to the first occurrence, and follows edits', async () => {
    const editor = await open(undefined, { capabilities: 'none' });
    const ask = (line: number) => editor.connection.sendRequest<Location | null>('textDocument/definition', at(line));
    expect(await ask(5)).toEqual({ uri, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } });
    expect(await ask(1)).toBeNull();
    await editor.change(uri, [{ range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } }, text: '' }]);
    expect((await ask(4))?.range.start.line).toBe(1);
    await editor.change(uri, [{ range: { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } }, text: '' }]);
    expect((await ask(3))?.range.start.line).toBe(3);
  });

  it('definition is a link where the editor understands links', async () => {
    const editor = await open();
    const [link] = await editor.connection.sendRequest<LocationLink[]>('textDocument/definition', at(5));
    expect(link?.originSelectionRange).toEqual({ start: { line: 5, character: 16 }, end: { line: 5, character: 20 } });
    expect(link?.targetRange.end).toEqual({ line: 0, character: lines[0]?.length });
  });

  it('references are the cluster: the same record, the same prompt, nearly the same words', async () => {
    const editor = await open();
    expect(await referenceLines(editor, 5)).toEqual([0, 2, 4, 5, 6, 7]);
    expect(await referenceLines(editor, 5, false)).toEqual([2, 4, 5, 6, 7]);
    expect(await referenceLines(editor, 6)).toEqual([0, 4, 5, 6, 7]);
    expect(await referenceLines(editor, 1)).toBeNull();
    expect(await referenceLines(editor, 3)).toBeNull();
    expect(await referenceLines(editor, 99)).toBeNull();
  });

  it('references point at the beginning of the instruction', async () => {
    const editor = await open();
    const found = await editor.connection.sendRequest<Location[]>('textDocument/references', { ...at(2), context: { includeDeclaration: true } });
    expect(found.map(({ range }) => editor.text(uri).split('\n')[range.start.line]?.slice(range.start.character, range.end.character))).toEqual(Array(4).fill('Tell me a story.'));
  });

  it('a cluster says how and how much its records are alike', async () => {
    const editor = await open();
    const cluster = await editor.request('cupel/cluster', { uri, line: 5 });
    expect(cluster?.members.map(({ line, kind, similarity, title }) => `${line} ${kind} ${similarity.toFixed(2)} ${title}`)).toEqual([
      '5 self 1.00 Tell me a story.',
      '0 same 1.00 Tell me a story.',
      '4 near 1.00 Tell me a story!',
      '7 prompt 1.00 Tell me a story.',
      '6 near 0.92 Tell me a story:',
      '2 prompt 0.00 Tell me a story.',
    ]);
    expect(cluster).toMatchObject({ version: 1, more: 0 });
    expect(await editor.request('cupel/cluster', { uri, line: 3 })).toBeNull();
  });

  it('a cluster follows edits', async () => {
    const editor = await open();
    await editor.request('cupel/cluster', { uri, line: 5 });
    await editor.replace(uri, 'Name a bird.","output":"A wren.', `Tell me a story?!","output":"${story}`);
    await editor.change(uri, [{ range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } }, text: '' }]);
    const cluster = await editor.request('cupel/cluster', { uri, line: 4 });
    expect(cluster?.members.map(({ line, kind }) => `${line} ${kind}`)).toEqual(['4 self', '0 near', '3 near', '6 prompt', '5 near', '1 prompt']);
  });

  it('a cluster is found in files of many records, and the question can be cancelled', async () => {
    const many = Array.from({ length: 20_000 }, (_, index) => alpaca(`Question ${index}`, `An answer that has its own number ${index} in it and ${index * 7} too`));
    const editor = await open([...many, ...lines].join('\n'));
    const source = new CancellationTokenSource();
    const cancelled = editor.connection.sendRequest('cupel/cluster', { uri, line: 20_005 }, source.token);
    source.cancel();
    await expect(cancelled).rejects.toMatchObject({ code: -32800 });
    const cluster = await editor.request('cupel/cluster', { uri, line: 20_005 });
    expect(cluster?.members.map(({ line }) => line)).toEqual([20_005, 20_000, 20_004, 20_007, 20_006, 20_002]);
  });

  it('a question whose lines have moved meanwhile is not answered', async () => {
    const many = Array.from({ length: 20_000 }, (_, index) => alpaca(`Question ${index}`, 'x'));
    const editor = await open(many.join('\n'));
    await editor.request('cupel/teachers', {});
    const asked = editor.request('cupel/cluster', { uri, line: 5 });
    await editor.change(uri, [{ range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } }, text: '' }]);
    await expect(asked).rejects.toMatchObject({ code: -32801 });
  });

  it('a cluster of a file that is not open says what to do', async () => {
    const editor = await open();
    await expect(editor.request('cupel/cluster', { uri: 'file:///other.jsonl', line: 0 })).rejects.toThrow('The file is not open in the editor: open it first.');
  });

  it('selection ranges are given for every position', async () => {
    const editor = await open();
    const ranges = await editor.connection.sendRequest<SelectionRange[]>('textDocument/selectionRange', { textDocument: { uri }, positions: [at(1).position, at(3, 1).position] });
    const text = (range: SelectionRange | undefined): string[] => (range ? [lines[range.range.start.line]?.slice(range.range.start.character, range.range.end.character) ?? '', ...text(range.parent)] : []);
    expect(ranges.map(text)).toEqual([
      ['Name', 'Name a bird.', '"instruction":"Name a bird."', lines[1]],
      ['1', '[1]'],
    ]);
  });

  it('workspace symbols are found in every open file', async () => {
    const editor = await open();
    await editor.open('file:///data/other.jsonl', alpaca('What do birds eat?', 'Seeds.'));
    const ask = () => editor.connection.sendRequest<WorkspaceSymbol[]>('workspace/symbol', { query: 'bird' });
    const found = await editor.until(ask, ({ length }) => length === 2);
    expect(found.map(({ name, location }) => `${location.uri} ${name}`)).toEqual([`${uri} Name a bird.`, 'file:///data/other.jsonl What do birds eat?']);
  });

  it('nothing folds, and files that are not open have nothing', async () => {
    const editor = await open();
    expect(await editor.connection.sendRequest('textDocument/foldingRange', { textDocument: { uri } })).toEqual([]);
    expect(editor.initialized.capabilities).toMatchObject({ foldingRangeProvider: true });
    expect(editor.initialized.capabilities.documentLinkProvider).toBeUndefined();
    for (const method of ['textDocument/definition', 'textDocument/references']) expect(await editor.connection.sendRequest(method, { textDocument: { uri: 'file:///other.jsonl' }, position: { line: 0, character: 0 }, context: { includeDeclaration: true } })).toBeNull();
  });
});
