import { equal, match, ok } from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ScorerCheck, ScoreOutcome, TokenSurprise } from '../../../src/protocol/lsp';
import { alpaca, badgeWhere, closeEverything, openNew } from './support';

/** The language model that comes along, and with it the native runtime that it needs. */
export function defineSmallModel(): void {
  suite('the small language model', () => {
    teardown(async () => {
      await vscode.commands.executeCommand('cupel.hideTokenSurprise');
      await vscode.workspace.getConfiguration('cupel').update('scorer.loss', undefined, vscode.ConfigurationTarget.Global);
      await closeEverything();
    });

    test('says which tokens are surprising while the estimator scores', async () => {
      const document = await openNew('small.jsonl', [alpaca('Name a metal and say why.', 'Gold, because it does not rust.')]);
      const surprise = await vscode.commands.executeCommand<TokenSurprise | undefined>('cupel.showTokenSurprise', { uri: document.uri.toString(), lines: [0] });
      ok(surprise);
      match(surprise.scorer, /^tiny@[0-9a-f]{8}\/superfiltering$/);
      equal(surprise.tokens.map(({ text }) => text).join(''), 'Gold, because it does not rust.');
    });

    test('measures losses once it is chosen', async () => {
      const document = await openNew('small.jsonl', [alpaca('Name a fruit and say why.', 'The pear, because it keeps all winter.')]);
      const check = await vscode.commands.executeCommand<ScorerCheck>('cupel.chooseLossModel', { model: 'tiny' });
      ok(check.ok);
      match(check.id, /^tiny@/);
      equal((await vscode.commands.executeCommand<ScoreOutcome>('cupel.scoreDataset', { uri: document.uri.toString() })).scored, 1);
      await badgeWhere(document, 0, 'a measured IFD', (badge) => /ifd [\d.]/.test(badge));
    });
  });
}
