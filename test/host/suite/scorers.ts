import { deepEqual, equal, match } from 'node:assert/strict';
import { cpSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ScorerCheck, ScoreOutcome } from '../../../src/protocol/lsp';
import { alpaca, badgeWhere, closeEverything, hoverText, openNew, until, workspaceFile } from './support';

const checkpoint = path.resolve(__dirname, '../../test/fixtures/checkpoints/gpt2-trained');

export function defineScorers(): void {
  suite('choosing what scores', () => {
    let document: vscode.TextDocument;
    /** A folder of the workspace, so that the scorer's id does not depend on the machine. */
    let model: string;

    suiteSetup(() => {
      model = workspaceFile('own-model').fsPath;
      cpSync(checkpoint, model, { recursive: true });
    });
    setup(async () => {
      document = await openNew('scorers.jsonl', [alpaca('Name a colour and say why.', 'Blue, because the sky is blue on a clear day.'), alpaca('Name a bird and say why.', 'The wren, because it sings all winter long.')]);
    });
    teardown(async () => {
      for (const target of [vscode.ConfigurationTarget.Global, vscode.ConfigurationTarget.Workspace]) await setting().update('scorer.loss', undefined, target);
      await closeEverything();
    });

    test('the view and its commands are there', async () => {
      await vscode.commands.executeCommand('cupel.scorers.focus');
      await vscode.commands.executeCommand('cupel.refreshScorers');
    });

    test('embedded, a checkpoint, embedded again: each shows its own scores, and ≈ stands before estimates alone', async () => {
      await score(document);
      const estimate = await badgeWhere(document, 0, 'estimates', whole((badge) => badge.includes('ifd≈') && badge.includes('car≈')));

      const taken = await vscode.commands.executeCommand<ScorerCheck>('cupel.chooseLossModel', { model });
      equal(taken.ok, true);
      equal(setting().get('scorer.loss'), model);
      await badgeWhere(document, 0, 'no loss yet', (badge) => badge.includes('ifd·'));
      equal((await score(document)).scored, 2);
      const measured = await badgeWhere(document, 0, 'a measured IFD', whole((badge) => /ifd [\d.]/.test(badge)));
      match(measured, /^\d+t r≈\S+ ifd [\d.]+ car≈/);
      const card = await until('the checkpoint in the hover', async () => {
        const text = (await hoverText(document, 0)).replaceAll('\\', '');
        return /own-model@[0-9a-f]{8}\/superfiltering \(GPT2LMHeadModel/.test(text) && text;
      });
      match(card, /superfiltering, plain template/);

      await vscode.commands.executeCommand('cupel.useScorer', { kind: 'loss', model: 'embedded' });
      await badgeWhere(document, 0, `the estimate again, ${estimate}`, (badge) => badge === estimate);
      equal((await score(document)).scored, 0);
      await vscode.commands.executeCommand('cupel.useScorer', { kind: 'loss', model });
      await badgeWhere(document, 0, `the measured IFD again, ${measured}`, (badge) => badge === measured);
    });

    test('the choice goes where the workspace already chooses, else to the person', async () => {
      await vscode.commands.executeCommand('cupel.chooseLossModel', { model });
      equal(setting().inspect('scorer.loss')?.globalValue, model);
      equal(setting().inspect('scorer.loss')?.workspaceValue, undefined);
      await setting().update('scorer.loss', 'embedded', vscode.ConfigurationTarget.Workspace);
      await setting().update('scorer.loss', undefined, vscode.ConfigurationTarget.Global);
      await vscode.commands.executeCommand('cupel.chooseLossModel', { model });
      equal(setting().inspect('scorer.loss')?.workspaceValue, model);
      equal(setting().inspect('scorer.loss')?.globalValue, undefined);
    });

    test('a model that cannot score is not taken; what there is stays', async () => {
      await score(document);
      const before = await badgeWhere(document, 0, 'estimates', whole((badge) => badge.includes('ifd≈')));
      const checks = await Promise.all([
        vscode.commands.executeCommand<ScorerCheck>('cupel.chooseLossModel', { model: workspaceFile('teachers').fsPath }),
        vscode.commands.executeCommand<ScorerCheck>('cupel.chooseLossModel', { model: 'vllm:http://127.0.0.1:9#gpt2' }),
        vscode.commands.executeCommand<ScorerCheck>('cupel.chooseRewardModel', { model: 'judge:nobody' }),
      ]);
      deepEqual(checks.map(({ ok }) => ok), [false, false, false]);
      match(reasonOf(checks[0]), /lacks .*config\.json/);
      match(reasonOf(checks[1]), /127\.0\.0\.1:9/);
      match(reasonOf(checks[2]), /nobody/);
      equal(setting().get('scorer.loss'), 'embedded');
      equal(setting().get('scorer.reward'), 'embedded');
      await badgeWhere(document, 0, `what it was, ${before}`, (badge) => badge === before);
    });

    test('Check Scorer tries a model and leaves the choice alone', async () => {
      const check = await vscode.commands.executeCommand<ScorerCheck>('cupel.checkScorer', { kind: 'loss', model });
      equal(check.ok, true);
      match(check.id, /^own-model@[0-9a-f]{8}\/superfiltering$/);
      equal(setting().get('scorer.loss'), 'embedded');
    });
  });
}

/** Lengths are counted anew after a change of scorers, and may come after the scores. */
function whole(holds: (badge: string) => boolean): (badge: string) => boolean {
  return (badge) => /^\d+t/.test(badge) && holds(badge);
}

function reasonOf(check: ScorerCheck | undefined): string {
  return check?.ok === false ? check.reason : '';
}

function setting(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration('cupel');
}

async function score(document: vscode.TextDocument): Promise<ScoreOutcome> {
  return vscode.commands.executeCommand<ScoreOutcome>('cupel.scoreDataset', { uri: document.uri.toString() });
}
