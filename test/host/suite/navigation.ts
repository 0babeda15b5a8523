import { deepEqual, equal } from 'node:assert/strict';
import * as vscode from 'vscode';
import { actionsOn, alpaca, closeEverything, openNew, until } from './support';

const story = 'Once upon a time there was a king who had three daughters and a very old horse that nobody dared to ride at night';
const records = [
  alpaca('Tell me a story.', story),
  alpaca('Name a bird.', 'A wren: see http://127.0.0.1:1/wren'),
  alpaca('Tell me a story.', 'No.'),
  alpaca('Tell me a story.', story),
  alpaca('Tell me a story:', story.replace('night', 'noon')),
];

export function defineNavigation(): void {
  suite('finding the way in a dataset', () => {
    teardown(closeEverything);

    test('Go to Definition leads from a duplicate to its first occurrence', async () => {
      const document = await openNew('navigation.jsonl', records);
      const links = await vscode.commands.executeCommand<vscode.LocationLink[]>('vscode.executeDefinitionProvider', document.uri, new vscode.Position(3, 20));
      deepEqual(
        links.map(({ targetRange, originSelectionRange }) => [targetRange.start.line, originSelectionRange && document.getText(originSelectionRange)]),
        [[0, 'Tell']],
      );
      await goTo(3);
      await vscode.commands.executeCommand('editor.action.revealDefinition');
      await until('the cursor to be on line 1', () => vscode.window.activeTextEditor?.selection.active.line === 0);
      const none = await vscode.commands.executeCommand<vscode.LocationLink[]>('vscode.executeDefinitionProvider', document.uri, new vscode.Position(1, 20));
      deepEqual(none, []);
    });

    test('Find All References gives the whole cluster, each by its instruction', async () => {
      const document = await openNew('navigation.jsonl', records);
      const found = await vscode.commands.executeCommand<vscode.Location[]>('vscode.executeReferenceProvider', document.uri, new vscode.Position(3, 20));
      deepEqual(
        found.map(({ range }) => `${range.start.line} ${document.getText(range)}`),
        ['0 Tell me a story.', '2 Tell me a story.', '3 Tell me a story.', '4 Tell me a story:'],
      );
    });

    test('Find Near-Duplicates lists them with their similarity and goes to the one that is picked', async () => {
      const document = await openNew('navigation.jsonl', records);
      await goTo(3);
      const action = await until('the action', async () => (await actionsOn(document, 3)).find(({ title }) => title.startsWith('Find near-duplicates')));
      equal(action.command?.command, 'cupel.findNearDuplicates');
      const listed = vscode.commands.executeCommand<{ members: { line: number; kind: string; similarity: number }[] }>('cupel.findNearDuplicates');
      await until('the cursor to be on line 1', async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return vscode.window.activeTextEditor?.selection.active.line === 0;
      });
      deepEqual(
        (await listed).members.map(({ line, kind, similarity }) => `${line} ${kind} ${similarity.toFixed(2)}`),
        ['3 self 1.00', '0 same 1.00', '4 near 0.92', '2 prompt 0.00'],
      );
    });

    test('a selection grows from word to text, field, record', async () => {
      const document = await openNew('navigation.jsonl', records);
      const [range] = await vscode.commands.executeCommand<vscode.SelectionRange[]>('vscode.executeSelectionRangeProvider', document.uri, [new vscode.Position(2, 20)]);
      const grown: string[] = [];
      for (let next = range; next; next = next.parent) grown.push(document.getText(next.range));
      // VS Code adds steps of its own around words and lines.
      deepEqual(
        ['Tell', 'Tell me a story.', '"instruction":"Tell me a story."', records[2]].filter((text) => !grown.includes(text ?? '')),
        [],
      );
      equal(grown.indexOf('Tell me a story.') < grown.indexOf('"instruction":"Tell me a story."'), true);
    });

    test('workspace symbols find records by their words', async () => {
      const { uri } = await openNew('navigation.jsonl', records);
      const found = await until('a symbol', async () => {
        const symbols = await vscode.commands.executeCommand<vscode.SymbolInformation[]>('vscode.executeWorkspaceSymbolProvider', 'bird');
        // VS Code keeps documents of other tests open for minutes.
        const own = symbols.filter(({ location }) => location.uri.toString() === uri.toString());
        return own.length > 0 && own;
      });
      deepEqual(
        found.map(({ name, containerName, location }) => `${name} ${containerName} ${location.range.start.line}`),
        ['Name a bird. line 2 1'],
      );
    });

    test('folding and links are off in datasets, and stay as they are elsewhere', async () => {
      const document = await openNew('navigation.jsonl', records);
      const folds = await vscode.commands.executeCommand<vscode.FoldingRange[] | undefined>('vscode.executeFoldingRangeProvider', document.uri);
      deepEqual(folds ?? [], []);
      const of = (scope: vscode.ConfigurationScope) => vscode.workspace.getConfiguration('editor', scope);
      deepEqual([of(document).get('folding'), of(document).get('links')], [false, false]);
      deepEqual([of({ languageId: 'markdown' }).get('folding'), of({ languageId: 'markdown' }).get('links')], [true, true]);
    });
  });
}

async function goTo(line: number): Promise<void> {
  const editor = await until('an editor', () => vscode.window.activeTextEditor);
  editor.selection = new vscode.Selection(line, 20, line, 20);
}
