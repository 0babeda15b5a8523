import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { answersWhile, cli, megabytes, number, row } from './row.mjs';

const count = Number(process.env.CUPEL_LINES ?? 5_000_000);
const last = '{"instruction":"Say why.","input":"","output":"Because."}';

/** Five million lines of three bytes, or CUPEL_LINES: nothing costs much for each line. */
export async function manyLines(bench) {
  const file = path.join(bench.folder, 'many.jsonl');
  await writeFile(file, `${'{}\n'.repeat(count - 1)}${last}\n`);
  const { size } = await stat(file);
  const lines = `${number(count)} lines (${megabytes(size)} MB)`;
  return [
    await row(`the server with ${lines}`, () => inServer(bench, file, size)),
    ...(await eachCommand(bench, file, lines)),
  ];
}

async function inServer({ startServer }, file, size) {
  const server = await startServer();
  const { connection } = server;
  const uri = 'file:///robustness/many.jsonl';
  const other = 'file:///robustness/other.jsonl';
  const hover = (of, line) => connection.sendRequest('textDocument/hover', { textDocument: { uri: of }, position: { line, character: 2 } });
  await connection.sendNotification('textDocument/didOpen', { textDocument: { uri: other, languageId: 'jsonl', version: 1, text: last } });
  await hover(other, 0);
  const text = await readFile(file, 'utf8');
  const started = performance.now();
  const opening = (async () => {
    await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'jsonl', version: 1, text } });
    await connection.sendRequest('textDocument/documentSymbol', { textDocument: { uri } });
    return performance.now() - started;
  })();
  const opened = await answersWhile(opening, () => hover(other, 0));
  const { items } = await connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
  const edits = [];
  for (let version = 2; version < 22; version++) {
    const at = { line: count / 2, character: 1 };
    const began = performance.now();
    await connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ range: { start: at, end: at }, text: 'x' }] });
    await connection.sendRequest('textDocument/inlayHint', { textDocument: { uri }, range: { start: { line: count / 2 - 30, character: 0 }, end: { line: count / 2 + 30, character: 0 } } });
    edits.push(performance.now() - began);
  }
  const card = await hover(uri, count - 1);
  const peak = server.peak();
  const alive = !server.hasEnded();
  await server.stop();
  edits.sort((a, b) => a - b);
  const within = peak <= 4 * size + 150e6;
  const right = card?.contents.value.includes('Because.') === true && items.length > 0 && items.length < 1000;
  return { ok: alive && right, result: `all read in ${(opened.value / 1000).toFixed(1)} s, ${items.length} problems shown; hover in another file meanwhile: middle ${opened.median} ms, at most ${opened.worst} ms (${opened.asked} asked); keystroke → badges: middle ${Math.round(edits[10])} ms, at most ${Math.round(edits.at(-1))} ms; peak ${within ? 'within' : 'above'} 4 × the file + 150 MB = ${megabytes(4 * size + 150e6)} MB`, peakMB: megabytes(peak) };
}

async function eachCommand(bench, file, lines) {
  const commands = [
    ['score', file, '--metrics', 'length', '--out', path.join(bench.folder, 'scores.jsonl')],
    ['stats', file, '--json'],
    ['check', file, '--trainer', 'trl-sft', '--json'],
  ];
  const rows = [];
  for (const args of commands) {
    rows.push(
      await row(`\`cupel ${args[0]}\` with ${lines}`, async () => {
        const { code, err, peak, outBytes } = await cli(bench, args);
        const ok = [0, 1].includes(code) && !err.includes('cupel failed');
        return { ok, result: `exit ${code}; ${megabytes(outBytes)} MB printed${ok ? '' : `; ${err.slice(-300)}`}`, peakMB: peak === undefined ? undefined : megabytes(peak) };
      }),
    );
  }
  return rows;
}
