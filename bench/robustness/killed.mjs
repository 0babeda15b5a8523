import { once } from 'node:events';
import { row } from './row.mjs';

/** A server that is killed twenty times, at another moment of a run each time: what it had acknowledged is known to the next one. */
export async function killed(bench) {
  return [await row('the server killed (SIGKILL) 20 times in the middle of scoring 4,000 records, each time at another moment', () => killedAgain(bench))];
}

async function killedAgain({ startServer }) {
  const count = 4000;
  const uri = 'file:///robustness/killed.jsonl';
  const text = Array.from({ length: count }, (_, n) => JSON.stringify({ instruction: `Explain the number ${n}.`, input: '', output: `It comes after ${n - 1}, and its square is ${n * n}.` })).join('\n');
  const open = (server) => server.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'jsonl', version: 1, text } });
  let known = 0;
  let lost = 0;
  const times = [];
  for (let kill = 0; kill < 20; kill++) {
    const started = performance.now();
    const server = await startServer();
    await open(server);
    while ((server.statuses.get(uri)?.scored ?? 0) < known) {
      if (performance.now() - started > 60_000) break;
      await server.changed(1000);
    }
    const found = server.statuses.get(uri)?.scored ?? 0;
    if (found < known) lost += known - found;
    times.push(performance.now() - started);
    // Rejects when the server is killed.
    const scoring = server.connection.sendRequest('cupel/score', { uri }).catch(() => undefined);
    const wanted = Math.min(count, found + 1 + ((kill * 37) % 400));
    while ((server.statuses.get(uri)?.scored ?? 0) < wanted && !server.hasEnded()) {
      const before = server.statuses.get(uri)?.scored ?? 0;
      await server.changed(300);
      if (before >= count) break;
    }
    known = Math.max(known, server.statuses.get(uri)?.scored ?? 0);
    const ended = once(server.child, 'exit');
    server.kill();
    await ended;
    await scoring;
  }
  const last = await startServer();
  await open(last);
  const outcome = await last.connection.sendRequest('cupel/score', { uri });
  await last.stop();
  const ok = lost === 0 && outcome.reused >= known && outcome.scored + outcome.reused === count;
  return { ok, result: `${lost} scores lost of those that were shown; at the end ${outcome.reused} of ${count} were known and ${outcome.scored} were left to score; started and showing all known scores again within ${(Math.max(...times) / 1000).toFixed(1)} s` };
}
