import { open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { answersWhile, cli, megabytes, row } from './row.mjs';

const longBytes = 200e6;
const record = (text) => JSON.stringify({ instruction: 'Say why.', input: '', output: text });

/** One line of 200 MB between two ordinary ones: it is named and not read, the others are as ever. */
export async function longLine(bench) {
  const file = path.join(bench.folder, 'long.jsonl');
  const handle = await open(file, 'w');
  await handle.write(`${record('The first answer.')}\n{"instruction":"Say why.","input":"","output":"`);
  const piece = 'All work and no play makes Jack a dull boy. '.repeat(25_000);
  for (let written = 0; written < longBytes; written += piece.length) await handle.write(piece);
  await handle.write(`"}\n${record('The last answer.')}\n`);
  await handle.close();
  const { size } = await stat(file);
  return [
    await row(`the server with one line of ${megabytes(size)} MB, and its neighbours edited`, () => inServer(bench, file, size)),
    await row(`\`cupel score --metrics length\` with one line of ${megabytes(size)} MB`, () => scored(bench, file)),
    await row(`\`cupel check\` with one line of ${megabytes(size)} MB`, () => checked(bench, file)),
  ];
}

async function inServer({ startServer }, file, size) {
  const server = await startServer();
  const { connection } = server;
  const [uri, other] = ['file:///robustness/long.jsonl', 'file:///robustness/other.jsonl'];
  const hover = (of, line) => connection.sendRequest('textDocument/hover', { textDocument: { uri: of }, position: { line, character: 2 } });
  await connection.sendNotification('textDocument/didOpen', { textDocument: { uri: other, languageId: 'jsonl', version: 1, text: record('Meanwhile.') } });
  await hover(other, 0);
  const text = await readFile(file, 'utf8');
  const opening = (async () => {
    await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'jsonl', version: 1, text } });
    return connection.sendRequest('textDocument/documentSymbol', { textDocument: { uri } });
  })();
  const opened = await answersWhile(opening, () => hover(other, 0));
  const { items } = await connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
  const named = items.find(({ code, range }) => code === 'too-long' && range.start.line === 1);
  const long = await hover(uri, 1);
  const first = await hover(uri, 0);
  const last = await hover(uri, 2);
  const edits = [];
  for (let version = 2; version < 22; version++) {
    const at = { line: 0, character: 20 };
    const started = performance.now();
    await connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ range: { start: at, end: at }, text: 'x' }] });
    await hover(uri, 0);
    edits.push(performance.now() - started);
  }
  const peak = server.peak();
  const alive = !server.hasEnded();
  await server.stop();
  const others = first?.contents.value.includes('The first answer.') && last?.contents.value.includes('The last answer.');
  const within = peak <= 4 * size + 150e6;
  const ok = alive && named !== undefined && long !== null && others === true && within;
  const budget = `peak ${within ? 'within' : 'above'} 4 × the file + 150 MB = ${megabytes(4 * size + 150e6)} MB`;
  return { ok, result: `${named ? `named ("${named.message.slice(0, 90)}…")` : 'not named'}; the lines around it ${others ? 'read' : 'not read'}; hover in another file meanwhile at most ${opened.worst} ms, keystroke → hover beside it at most ${Math.round(Math.max(...edits))} ms; ${budget}`, peakMB: megabytes(peak) };
}

async function scored(bench, file) {
  const { code, out, err, peak } = await cli(bench, ['score', file, '--metrics', 'length']);
  const rows = out.trim().split('\n').map((line) => JSON.parse(line));
  const ok = code === 1 && rows.length === 3 && rows[0].status === 'ok' && rows[1].status === 'invalid' && rows[2].status === 'ok';
  return { ok, result: `exit ${code}; lines ${rows.map(({ status }) => status).join(', ')}; "${rows[1]?.reason}"; ${err.trim().replace(file, 'FILE')}`, peakMB: megabytes(peak) };
}

async function checked(bench, file) {
  const { code, out, peak } = await cli(bench, ['check', file, '--trainer', 'trl-sft']);
  return { ok: code === 1, result: `exit ${code}; ${out.trim().split('\n').filter((line) => line.includes('64 MB')).join(' ').replaceAll(file, 'FILE')}`, peakMB: megabytes(peak) };
}
