import { deepEqual, equal, match, ok } from 'node:assert/strict';
import * as vscode from 'vscode';
import { alpaca, badges, closeEverything, hoverText, open, openNew, until } from './support';

export function defineReading(): void {
  suite('reading a dataset', () => {
    teardown(closeEverything);

    test('every record of the sample has its length at the start of the line', async () => {
      const document = await open('sample.jsonl');
      const shown = await until('a length on the 63 lines that hold a response', async () => {
        const all = await badges(document);
        return [...all.values()].filter((badge) => /^\d+t/.test(badge)).length === 63 && all;
      });
      equal(shown.size, 64);
      for (const badge of shown.values()) ok(badge.length <= 43, badge);
    });

    test('the hover reads the conversation and says what each score is', async () => {
      const document = await open('sample.jsonl');
      const text = await until('the hover of line 2', () => hoverText(document, 1));
      match(text, /Record 2 of 64/);
      match(text, /What is the difference between a virus and a bacterium\?/);
      match(text, /A bacterium is a living cell/);
      match(text, /Length/);
    });

    test('Show Record Card opens the card as a page, with the conversation in full', async () => {
      const document = await open('sample.jsonl');
      const card = await vscode.commands.executeCommand<{ markdown: string }>('cupel.showRecordCard', { uri: document.uri.toString(), lines: [1] });
      match(card.markdown, /Record 2 of 64/);
      match(card.markdown, /Antibiotics work against bacteria, not against viruses\./);
      await until('the page to be shown', () => (vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? '').includes('Record 2'));
    });

    test('Show Log opens the output of Cupel', async () => {
      await vscode.commands.executeCommand('cupel.showLog');
      await until('the output to be shown', () => vscode.window.visibleTextEditors.some(({ document }) => document.uri.scheme === 'output' && /cupel/i.test(document.uri.path)));
      await vscode.commands.executeCommand('workbench.action.closePanel');
    });

    test('dataset text cannot become a link, an image or HTML in the hover', async () => {
      const document = await openNew('hostile.jsonl', [alpaca('</pre><img src=x onerror=alert(1)> [run](command:workbench.action.quit)', '![x](http://127.0.0.1:1/x.png) ``` <script>alert(1)</script>')]);
      const [hover] = await until('a hover', async () => {
        const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, new vscode.Position(0, 5));
        return hovers.length > 0 && hovers;
      });
      const card = hover?.contents[0] as vscode.MarkdownString;
      equal(card.supportHtml ?? false, false);
      ok(typeof card.isTrusted === 'object', 'links are trusted for named commands only');
      deepEqual(
        card.isTrusted.enabledCommands.filter((command) => !command.startsWith('cupel.')),
        [],
      );
      for (const hostile of ['command:workbench', 'http://127.0.0.1:1/x.png']) {
        const line = card.value.split('\n').find((candidate) => candidate.includes(hostile));
        ok(line === undefined || isInsideFence(card.value, hostile), `${hostile} stands outside a fence: ${line ?? ''}`);
      }
    });

    test('lines that hold no record are problems where they break; the others keep working', async () => {
      const document = await openNew('broken.jsonl', [alpaca('Name a colour.', 'Blue is a colour.'), '{"instruction": "cut off', '[1, 2]', '', '{"instruction": "a", "output": NaN}', alpaca('Name a bird.', 'A wren is a bird.')]);
      const problems = await until('three lines with errors', () => {
        const errors = vscode.languages.getDiagnostics(document.uri).filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
        return errors.length >= 3 && errors;
      });
      deepEqual(
        problems.map(({ range }) => range.start.line).sort(),
        [1, 2, 4],
      );
      for (const { source } of problems) equal(source, 'Cupel');
      const shown = await badges(document);
      match(shown.get(0) ?? '', /^\d+t/);
      match(shown.get(1) ?? '', /broken JSON/);
      match(shown.get(2) ?? '', /not an object/);
      equal(shown.get(3), undefined);
      match(shown.get(5) ?? '', /^\d+t/);
    });

    test('the outline lists the records by their first words', async () => {
      const document = await open('sample.jsonl');
      const symbols = await until('64 symbols', async () => {
        const found = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>('vscode.executeDocumentSymbolProvider', document.uri);
        return found?.length === 64 && found;
      });
      match(symbols[0]?.name ?? '', /^Explain why leaves are green/);
      equal(symbols[2]?.range.start.line, 2);
    });
  });
}

function isInsideFence(markdown: string, text: string): boolean {
  const before = markdown.slice(0, markdown.indexOf(text));
  return (before.match(/^`{3,}/gmu) ?? []).length % 2 === 1;
}
