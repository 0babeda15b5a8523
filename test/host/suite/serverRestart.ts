import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { ScoreOutcome } from '../../../src/protocol/lsp';
import { alpaca, badges, badgeWhere, closeEverything, cupel, hoverText, openNew, until, workspaceFile } from './support';

/** The models load twice. */
const patienceMs = 90_000;

/** What a person still has when the server is killed in the middle of its work. */
export function defineServerRestart(): void {
  (process.platform === 'linux' ? suite : suite.skip)('a server that is killed', () => {
    teardown(closeEverything);

    test('is started again, and badges and scores come back', async function () {
      this.timeout(patienceMs);
      // A file of its own: of the sample other tests may have asked more than a new server knows.
      const document = await openNew('restart.jsonl', readFileSync(workspaceFile('sample.jsonl').fsPath, 'utf8').trimEnd().split('\n'));
      await score(document.uri.toString());
      await badgeWhere(document, 0, 'its scores', (text) => text.includes('ifd≈'));
      const before = await until('scored badges', () => scoredBadges(document));
      const killed = await serverProcess();
      process.kill(killed, 'SIGKILL');
      await until('another server', async () => (await serverProcess()) !== killed);
      let after: typeof before | undefined;
      await until('the same badges as before', async () => isDeepStrictEqual((after = await scoredBadges(document)), before)).catch(() => deepEqual(after, before));
      match(await hoverText(document, 0), /embedded/);
      equal((await score(document.uri.toString()))?.scored, 0);
    });

    test('leaves a running command with what was finished; run again it goes on', async function () {
      this.timeout(patienceMs);
      const lines = Array.from({ length: 3000 }, (_, n) => alpaca(`Explain the number ${n} in one sentence.`, `The number ${n} comes after ${n - 1}, and its square is ${n * n}.`));
      const document = await openNew('killed.jsonl', lines);
      const uri = document.uri.toString();
      const { onDidChangeStatus } = await cupel();
      const underWay = new Promise<void>((resolve) => {
        const listening = onDidChangeStatus(({ running, scored }) => {
          if (running === undefined || scored === 0) return;
          listening.dispose();
          resolve();
        });
      });
      const running = score(uri);
      await underWay;
      const killed = await serverProcess();
      process.kill(killed, 'SIGKILL');
      equal(await running, undefined);
      await until('another server', async () => (await serverProcess()) !== killed);
      const again = await score(uri);
      ok(again && again.reused > 0, `${again?.reused ?? 'nothing'} of what was finished is known`);
      equal(again.scored + again.reused, lines.length);
    });
  });
}

/** The badges of the sample's scored records; undefined until they are all there. */
async function scoredBadges(document: vscode.TextDocument): Promise<readonly (readonly [number, string])[] | undefined> {
  const scored = [...(await badges(document))].filter(([, badge]) => badge.includes('ifd'));
  return scored.length >= 60 ? scored : undefined;
}

async function score(uri: string): Promise<ScoreOutcome | undefined> {
  return await vscode.commands.executeCommand<ScoreOutcome | undefined>('cupel.scoreDataset', { uri });
}

/** The id of the language server that this extension host has started. */
function serverProcess(): Promise<number> {
  return until('a language server', () =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .find((id) => parentOf(id) === process.pid && commandOf(id).includes('server.cjs')),
  );
}

function commandOf(id: number): string {
  return readOfProcess(id, 'cmdline');
}

function parentOf(id: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(readOfProcess(id, 'status'))?.[1]);
}

/** Empty for one that has ended meanwhile. */
function readOfProcess(id: number, what: string): string {
  try {
    return readFileSync(`/proc/${id}/${what}`, 'utf8');
  } catch {
    return '';
  }
}
