// A file of 1 GB shown by pages: the real server over standard input and output, asked as the editor asks it. The file is page-cached.
// Indexing against reading the same bytes, from opening to the first page, pages at random places with their badges, search against
// `grep -c`, and what the server holds meanwhile. `node bench/bigFile.mjs [MB] [pages]` writes bench/results/bigFile.json and bigFile.md.
import { build } from 'esbuild';
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';

const megabytes = Number(process.argv[2] ?? 1024);
const pages = Number(process.argv[3] ?? 1000);
const rounds = 5;
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = await mkdtemp(path.join(tmpdir(), 'cupel-bench-'));

try {
  const file = path.join(folder, 'big.jsonl');
  const lines = await generate(file, megabytes * 2 ** 20);
  const { indexLines } = await bundled('src/engine/files/lineIndex.ts');
  await readAll(file);

  const readMs = await fastest(() => readAll(file));
  const indexMs = await fastest(() => indexLines(file));
  const grepMs = await fastest(() => execFileSync('grep', ['-cF', 'needle', file], { env: { ...process.env, LC_ALL: 'C' } }));

  await (await import('../scripts/bundles.mjs')).ensureBundles();
  const server = spawn(process.execPath, [path.join(root, 'dist/server.cjs'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  connection.onRequest('workspace/inlayHint/refresh', () => null);
  connection.listen();
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, workspaceFolders: null, capabilities: {}, initializationOptions: { storageDir: path.join(folder, 'storage'), modelsDir: path.join(root, 'models'), workerPath: path.join(root, 'dist/worker.cjs') } });
  await connection.sendNotification('initialized', {});
  const memory = [['started', held(server.pid)]];
  const uri = pathToFileURL(file).href;

  const firstPageMs = await milliseconds(async () => {
    const { firstLine } = await connection.sendRequest('cupel/bigFile/open', { uri });
    await connection.sendRequest('cupel/bigFile/page', { uri, firstLine });
  });
  // A page that stays open keeps the index.
  await shown(connection, uri, 0);
  memory.push(['first page', held(server.pid)]);

  const random = seeded(7);
  const pageMs = [];
  const badgeMs = [];
  for (let page = 1; page <= pages; page += 1) {
    const line = Math.floor(random() * lines);
    pageMs.push(await milliseconds(async () => {
      const { firstLine } = await connection.sendRequest('cupel/bigFile/open', { uri, line });
      await connection.sendRequest('cupel/bigFile/page', { uri, firstLine });
    }));
    const document = await shown(connection, uri, line);
    badgeMs.push(await milliseconds(() => connection.sendRequest('textDocument/inlayHint', { textDocument: { uri: document }, range: { start: { line: 0, character: 0 }, end: { line: 60, character: 0 } } })));
    await connection.sendNotification('textDocument/didClose', { textDocument: { uri: document } });
    if (page % (pages / 10) === 0) memory.push([`${page} pages`, held(server.pid)]);
  }

  const search = {};
  for (const [name, query] of [['match case', { text: 'needle', caseSensitive: true }], ['any case', { text: 'needle' }], ['regular expression', { text: 'nee+dle', regex: true, caseSensitive: true }]]) {
    const ms = await milliseconds(async () => {
      const { hits } = await connection.sendRequest('cupel/bigFile/search', { uri, query });
      if (hits.length !== 5) throw new Error(`${hits.length} hits`);
    });
    search[name] = { ms: Math.round(ms), megabytesPerSecond: Math.round(megabytes / (ms / 1000)) };
  }
  memory.push(['searched', held(server.pid)]);
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  connection.dispose();

  const result = {
    what: 'a big JSONL file shown by pages, page-cached',
    megabytes,
    lines,
    readMs: Math.round(readMs),
    indexMs: Math.round(indexMs),
    indexRatio: Number((indexMs / readMs).toFixed(2)),
    indexBudget: 1.6,
    firstPageMs: Math.round(firstPageMs),
    pages,
    pageMs: quantiles(pageMs),
    badgesOfSixtyLinesMs: quantiles(badgeMs),
    grepMs: Math.round(grepMs),
    search,
    memoryMB: Object.fromEntries(memory),
    peakMemoryMB: Math.max(...memory.map(([, mb]) => mb)),
    memoryBudgetMB: 600,
    node: process.version,
    cores: cpus().length,
  };
  await mkdir(path.join(root, 'bench/results'), { recursive: true });
  await writeFile(path.join(root, 'bench/results/bigFile.json'), `${JSON.stringify(result, null, 2)}\n`);
  await writeFile(path.join(root, 'bench/results/bigFile.md'), report(result));
  console.log(JSON.stringify(result));
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Opens the page that holds a line, as the editor does when it is shown. */
async function shown(connection, uri, line) {
  const { firstLine } = await connection.sendRequest('cupel/bigFile/open', { uri, line });
  const { text, endLine } = await connection.sendRequest('cupel/bigFile/page', { uri, firstLine });
  const document = `${uri.replace('file:', 'cupel-page:')}/big%20${firstLine + 1}-${endLine}.jsonl?line%3D${firstLine}`;
  await connection.sendNotification('textDocument/didOpen', { textDocument: { uri: document, languageId: 'jsonl', version: 1, text } });
  return document;
}

async function bundled(entry) {
  const outfile = path.join(folder, `${path.basename(entry, '.ts')}.mjs`);
  await build({ absWorkingDir: root, entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm' });
  return import(pathToFileURL(outfile).href);
}

/** Records of 200 to 1,500 bytes, the same in every run; five of them hold the needle. */
async function generate(to, bytes) {
  const handle = await open(to, 'w');
  const random = seeded(1);
  const words = Array.from({ length: 2000 }, () => Array.from({ length: 2 + Math.floor(random() * 8) }, () => 'etaoinshrdlucmfw'.charAt(Math.floor(random() * 16))).join(''));
  const text = (count) => Array.from({ length: count }, () => words[Math.floor(random() * words.length)]).join(' ');
  // Drawing every word anew would take longer than all that is measured.
  const bodies = Array.from({ length: 5000 }, () => `"instruction":"${text(8 + Math.floor(random() * 20))}","input":"","output":"${text(15 + Math.floor(random() * 200))}"`);
  let written = 0;
  let lines = 0;
  let needles = 0;
  try {
    while (written < bytes) {
      let block = '';
      while (block.length < 2 ** 22) {
        block += `{"id":${lines},${bodies[Math.floor(random() * bodies.length)]}}\n`;
        lines += 1;
      }
      if (needles < 5 && written >= (bytes * needles) / 5) {
        block += `{"instruction":"find the needle","output":"here"}\n`;
        lines += 1;
        needles += 1;
      }
      await handle.appendFile(block);
      written += block.length;
    }
  } finally {
    await handle.close();
  }
  return lines;
}

async function readAll(from) {
  const handle = await open(from, 'r');
  const buffer = Buffer.allocUnsafeSlow(2 ** 20);
  try {
    while ((await handle.read(buffer, 0, buffer.length, null)).bytesRead > 0);
  } finally {
    await handle.close();
  }
}

/** What a process holds in memory now, its workers included: they are its threads. */
function held(pid) {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1000);
}

async function fastest(work) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) times.push(await milliseconds(work));
  return Math.min(...times);
}

async function milliseconds(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function quantiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => Number(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(1));
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

function seeded(seed) {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function report(result) {
  const rows = [
    ['reading the bytes', `${result.readMs} ms`],
    ['finding the lines', `${result.indexMs} ms, ${result.indexRatio} × reading (budget ${result.indexBudget} ×)`],
    ['opening, to the first page', `${result.firstPageMs} ms`],
    [`a page anywhere (${result.pages} of them)`, `p50 ${result.pageMs.p50} ms, p99 ${result.pageMs.p99} ms`],
    ['badges of 60 lines of a page just opened', `p50 ${result.badgesOfSixtyLinesMs.p50} ms, p99 ${result.badgesOfSixtyLinesMs.p99} ms`],
    ['`grep -cF`', `${result.grepMs} ms`],
    ...Object.entries(result.search).map(([name, { ms, megabytesPerSecond }]) => [`search, ${name}`, `${ms} ms, ${megabytesPerSecond} MB/s`]),
    ['memory of the server', Object.entries(result.memoryMB).map(([when, mb]) => `${when} ${mb} MB`).join(', ')],
  ];
  return `# A file of ${result.megabytes} MB, ${result.lines.toLocaleString('en-US')} lines, by pages\n\n\`node bench/bigFile.mjs\`, Node ${result.node}, ${result.cores} cores, the file page-cached; the memory of the server with its workers (budget ${result.memoryBudgetMB} MB).\n\n| | |\n|---|---|\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`;
}
