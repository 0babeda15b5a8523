import { deepEqual, equal, match } from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Proposal } from '../../../src/core/proposals/proposal';
import type { Requests } from '../../../src/protocol/lsp';
import { type ChatBehaviour, type ChatServer, startChatServer } from '../../support/chatServer';
import { activeDiff, alpaca, closeEverything, openNew, shownProposal, useTeachers } from './support';

const records = ['red', 'green', 'blue'].map((colour) => alpaca(`Say one thing about ${colour}.`, `${colour} is a colour.`));

export function defineEndpoints(): void {
  suite('regenerating from an endpoint', () => {
    let server: ChatServer;
    let document: vscode.TextDocument;

    suiteSetup(async () => {
      server = await startChatServer({ kind: 'reply', text: 'unused' });
      document = await openNew('endpoint.jsonl', records);
      await useTeachers(document, [{ kind: 'openai', id: 'local', baseUrl: server.url, model: 'test-model', timeoutSeconds: 2, needsKey: false }]);
    });
    suiteTeardown(async () => {
      await closeEverything();
      await server.close();
    });
    setup(async () => {
      document = await openNew('endpoint.jsonl', records);
    });
    teardown(async () => {
      for (let left = 20; left > 0 && activeDiff(); left--) await vscode.commands.executeCommand('cupel.rejectProposal');
      await closeEverything();
    });

    test('the prompt is sent to the model, and its answer is proposed and accepted', async () => {
      server.become({ kind: 'reply', text: 'Ripe tomatoes are red because of lycopene.' });
      await regenerate(document, [0]);
      const sent = server.requests.at(-1)?.body;
      equal(sent?.model, 'test-model');
      deepEqual(sent.messages.at(-1), { role: 'user', content: 'Say one thing about red.' });
      match((await shownProposal()).proposed, /Ripe tomatoes are red because of lycopene\./);
      await vscode.commands.executeCommand('cupel.acceptProposal');
      equal(document.lineAt(0).text, alpaca('Say one thing about red.', 'Ripe tomatoes are red because of lycopene.'));
    });

    test('where one request fails, the reason stands on its proposal and the others go on', async () => {
      server.become((request) => {
        const asked = request.body?.messages.at(-1)?.content ?? '';
        return asked.includes('green') ? { kind: 'status', status: 400, message: 'The prompt was refused.' } : { kind: 'reply', text: `About ${asked}` };
      });
      const proposals = await regenerate(document, [0, 1, 2]);
      deepEqual(
        proposals.map(({ line, status }) => [line, status]),
        [
          [1, 'pending'],
          [2, 'failed'],
          [3, 'pending'],
        ],
      );
      match(proposals[1]?.reason ?? '', /The prompt was refused|400/);
    });

    test('Refine shows the model its present response, and proposes what it puts between the marks', async () => {
      server.become({ kind: 'reply', text: 'It is too short.\n[Better Answer]Red has the longest wavelength that we see.[End]' });
      const result = await vscode.commands.executeCommand<Requests['cupel/propose']['result']>('cupel.refineResponse', { uri: document.uri.toString(), lines: [0], teacher: 'local' });
      deepEqual(
        result.proposals.map(({ mode, response }) => [mode, response]),
        [['refine', 'Red has the longest wavelength that we see.']],
      );
      match(server.requests.at(-1)?.body?.messages.at(-1)?.content ?? '', /red is a colour\./);
      match((await shownProposal()).proposed, /Red has the longest wavelength/);
    });

    test('Regenerate Selection asks for each of its records and puts them in a queue', async () => {
      server.become((request) => ({ kind: 'reply', text: `About ${request.body?.messages.at(-1)?.content ?? ''}` }));
      await vscode.commands.executeCommand('cupel.regenerateSelection', { uri: document.uri.toString(), lines: [1, 2], teacher: 'local' });
      match((await shownProposal()).title, /^record 2 · local .*1 of 2$/);
    });

    const failures: readonly { name: string; behaviour: ChatBehaviour; reason: RegExp }[] = [
      { name: 'is out of quota', behaviour: { kind: 'status', status: 429, message: 'You exceeded your quota.', headers: { 'retry-after': '0' } }, reason: /quota|429/i },
      { name: 'breaks off', behaviour: { kind: 'half', text: 'Half an ans' }, reason: /stopped|broke/ },
      { name: 'never answers', behaviour: { kind: 'hang' }, reason: /sent nothing for 2 s/ },
      { name: 'answers with something else', behaviour: { kind: 'raw', contentType: 'text/html', body: '<html>Welcome to the router</html>' }, reason: /text\/html/ },
    ];
    for (const { name, behaviour, reason } of failures) {
      test(`a teacher that ${name} leaves the dataset as it was and says why`, async () => {
        server.become(behaviour);
        const before = document.getText();
        const [proposal] = await regenerate(document, [0]);
        equal(proposal?.status, 'failed');
        match(proposal.reason ?? '', reason);
        equal(document.getText(), before);
      }).timeout(60_000);
    }
  });
}

async function regenerate(document: vscode.TextDocument, lines: readonly number[]): Promise<readonly Proposal[]> {
  const result = await vscode.commands.executeCommand<Requests['cupel/propose']['result']>('cupel.regenerateResponse', { uri: document.uri.toString(), lines, teacher: 'local' });
  return [...result.proposals].sort((a, b) => a.line - b.line);
}
