import { deepEqual, equal, match, ok } from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ScoreOutcome } from '../../../src/protocol/lsp';
import { alpaca, badges, badgeWhere, closeEverything, hoverText, open, openNew, until } from './support';

export function defineScoring(): void {
  suite('scoring', () => {
    teardown(closeEverything);

    test('Score Dataset fills every badge with estimates, marked as such', async () => {
      const document = await open('sample.jsonl');
      const outcome = await score(document);
      equal(outcome.cancelled, false);
      ok(outcome.scored >= 60, `${outcome.scored} scored`);
      const badge = await badgeWhere(document, 0, 'all four scores', (text) => text.includes('ifd≈') && text.includes('car≈'));
      match(badge, /^\d+t r≈[-−]?[\d.]+ ifd≈[\d.]+ car≈[-−]?[\d.]+$/);
      for (const shown of (await badges(document)).values()) ok(shown.length <= 43, shown);
    });

    test('what cannot be defined is shown as undefined, with the reason', async () => {
      const document = await openNew('one-word.jsonl', [alpaca('Is 7 prime?', 'Yes'), alpaca('Is 8 prime?', 'No, 8 is divisible by 2.')]);
      await score(document);
      match(await badgeWhere(document, 0, 'an undefined IFD', (text) => text.includes('ifd')), /ifd∅/);
      match(await hoverText(document, 0), /∅/);
    });

    test('a second run computes nothing again, also for records that moved', async () => {
      const document = await open('sample.jsonl');
      const lines = document.getText().trimEnd().split('\n');
      await score(document);
      const again = await score(document);
      equal(again.scored, 0);
      const moved = await openNew('moved.jsonl', [...lines].reverse());
      const outcome = await score(moved);
      equal(outcome.scored, 0);
      ok(outcome.reused >= 60);
    });

    test('the hover gives places in the file and what made each score', async () => {
      const document = await open('sample.jsonl');
      await score(document);
      const card = await until('scores in the hover', async () => {
        const text = (await hoverText(document, 0)).replaceAll('\\', '');
        return /embedded@\d/.test(text) && text;
      });
      match(card, /an estimate/);
      match(card, /(longer|shorter) than \d+ %/);
      match(card, /(among the (lowest|highest)|higher than) \d+ %/);
      match(card, /exp\(L\(A\|Q\) − L\(A\)\)/);
    });

    test('an edit makes the scores of its own record stale and no others', async () => {
      const document = await openNew('stale.jsonl', [alpaca('Name a colour and say why.', 'Blue, because the sky is blue on a clear day.'), alpaca('Name a bird and say why.', 'The wren, because it sings all winter long.')]);
      await score(document);
      const other = await badgeWhere(document, 1, 'its scores', (text) => text.includes('ifd≈'));
      const edit = new vscode.WorkspaceEdit();
      const place = document.positionAt(document.getText().indexOf('sky'));
      edit.insert(document.uri, place, 'summer ');
      await vscode.workspace.applyEdit(edit);
      const stale = await badgeWhere(document, 0, 'a stale mark', (text) => text.includes('~'));
      match(stale, /ifd~/);
      equal((await badges(document)).get(1), other);
      await score(document);
      await badgeWhere(document, 0, 'fresh scores', (text) => !text.includes('~') && text.includes('ifd≈'));
    });

    test('Score Selection scores the named lines only', async () => {
      const lines = ['red', 'green', 'blue'].map((colour) => alpaca(`Describe the colour ${colour} to a child, once.`, `The colour ${colour} is what you see on a ${colour} ball.`));
      const document = await openNew('selection.jsonl', lines);
      const outcome = await vscode.commands.executeCommand<ScoreOutcome>('cupel.scoreSelection', { uri: document.uri.toString(), lines: [1] });
      equal(outcome.scored, 1);
      await badgeWhere(document, 1, 'its scores', (text) => text.includes('ifd≈'));
      const shown = await badges(document);
      deepEqual([0, 2].filter((line) => shown.get(line)?.includes('≈')), []);
    });
  });
}

async function score(document: vscode.TextDocument): Promise<ScoreOutcome> {
  return vscode.commands.executeCommand<ScoreOutcome>('cupel.scoreDataset', { uri: document.uri.toString() });
}
