import { build } from 'esbuild';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { megabytes, number, row } from './row.mjs';

/** Rules that say of a line that it is not JSON; a line that is some other JSON than a record is not among them. */
const broken = new Set(['broken-json', 'too-deep', 'too-long', 'array-file']);

/** Two collections of JSON that readers trip over, each file as a document of the real server and as a file of the command line. */
export async function jsonFiles(bench) {
  const suite = filesIn(bench.root, 'jsontestsuite/test_parsing', '.json');
  const corners = filesIn(bench.root, 'jsonl-corner-cases/test-data', '');
  if (suite.length === 0) return [];
  return [
    await row(`${suite.length} files of JSONTestSuite as documents of the server: y_ are JSON, n_ are named as broken, none crashes`, () => throughServer(bench, suite)),
    await row(`${suite.length} files of JSONTestSuite as bytes through the engine's check`, () => throughEngine(bench, suite)),
    await row(`${corners.length} corner cases of JSONL as documents of the server`, () => throughServer(bench, corners)),
    await row(`${corners.length} corner cases of JSONL as bytes through the engine's check`, () => throughEngine(bench, corners)),
  ];
}

function filesIn(root, folder, ending) {
  const place = path.join(root, '../shared/data', folder);
  if (!existsSync(place)) {
    console.log(`skipped: ${folder} is not beside this checkout`);
    return [];
  }
  return readdirSync(place).filter((name) => name.endsWith(ending)).sort().map((name) => path.join(place, name));
}

async function throughServer({ startServer }, files) {
  const server = await startServer();
  const wrong = [];
  const counts = { y: 0, n: 0, i: 0 };
  for (const file of files) {
    const name = path.basename(file);
    const uri = `file:///json/${encodeURIComponent(name)}`;
    const text = readFileSync(file).toString('utf8');
    await server.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'jsonl', version: 1, text } });
    // Symbols are there once every line has been read.
    await server.connection.sendRequest('textDocument/documentSymbol', { textDocument: { uri } });
    const { items } = await server.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
    await server.connection.sendRequest('textDocument/inlayHint', { textDocument: { uri }, range: { start: { line: 0, character: 0 }, end: { line: 100, character: 0 } } });
    await server.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position: { line: 0, character: 0 } });
    await server.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    const named = items.some(({ code }) => broken.has(code));
    const kind = name.slice(0, 2) in { y_: 1, n_: 1, i_: 1 } ? name[0] : undefined;
    if (kind) counts[kind] += 1;
    // JSON over several lines is JSON, but no line of it is.
    if (kind === 'y' && named && !text.trim().includes('\n')) wrong.push(`${name} is called broken`);
    if (kind === 'n' && !named && text.trim() !== '' && !isJson(text)) wrong.push(`${name} is not called broken`);
    if (server.hasEnded()) return { ok: false, result: `the server ended at ${name}` };
  }
  const peak = server.peak();
  await server.stop();
  const kinds = counts.y + counts.n + counts.i > 0 ? ` (${counts.y} y_, ${counts.n} n_, ${counts.i} i_)` : '';
  return { ok: wrong.length === 0, result: wrong.length === 0 ? `all ${number(files.length)} as they should be${kinds}` : wrong.join('; '), peakMB: megabytes(peak) };
}

/** Bytes that are not UTF-8, read as replacement characters, may make JSON of what was none. */
function isJson(text) {
  try {
    JSON.parse(text.replace(/^\uFEFF/u, ''));
    return true;
  } catch {
    return false;
  }
}

/** As raw bytes: what is not UTF-8 is refused with the line and the reason. */
async function throughEngine({ root, own }, files) {
  const bundle = path.join(own, 'checkDataset.mjs');
  await build({ absWorkingDir: root, entryPoints: ['src/engine/operations/checkDataset.ts'], outfile: bundle, bundle: true, platform: 'node', format: 'esm', mainFields: ['module', 'main'], logLevel: 'error' });
  const { checkDataset } = await import(pathToFileURL(bundle).href);
  const counts = { clean: 0, findings: 0, refused: 0 };
  const crashed = [];
  for (const file of files) {
    try {
      counts[(await checkDataset({ file, trainer: 'trl-sft' })).length === 0 ? 'clean' : 'findings'] += 1;
    } catch (error) {
      counts.refused += 1;
      if (error.name !== 'DatasetError') crashed.push(`${path.basename(file)}: ${error}`);
    }
  }
  return { ok: crashed.length === 0, result: crashed.length === 0 ? `${counts.findings} with findings, ${counts.clean} without, ${counts.refused} refused by name of the line (not UTF-8); no crash` : crashed.join('; ') };
}
