// The language server as an editor drives it, over standard input and output, with a file of 45 MB and 100,000 records open.
// usage: node bench/editor.mjs [--scored] [--samples=1000] [--records=100000] [--megabytes=45] [--no-rest] [--server=dist/server.cjs]
//   --scored   scores the whole file first, so that badges and cards carry every score and its place in the file
//   --no-rest  does not wait a minute for the idle worker to end
// Writes bench/results/editor.json and editor.md (--scored: beside the figures without).
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { atRest, joined, memoryOf, round, summary, timed } from './editor/clock.mjs';
import { LspClient } from './editor/lspClient.mjs';
import { report } from './editor/report.mjs';
import { sample, seeded } from './editor/sample.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    scored: { type: 'boolean', default: false },
    samples: { type: 'string', default: '1000' },
    records: { type: 'string', default: '100000' },
    megabytes: { type: 'string', default: '45' },
    rest: { type: 'boolean', default: true },
    server: { type: 'string' },
  },
  allowNegative: true,
});
if (options.server === undefined) await (await import('../scripts/bundles.mjs')).ensureBundles();
const server = path.resolve(options.server ?? path.join(root, 'dist/server.cjs'));
const [records, megabytes, samples] = [Number(options.records), Number(options.megabytes), Number(options.samples)];
const screen = 60;
const uri = 'file:///bench/editor.jsonl';

const lines = sample({ records, bytes: megabytes * 1e6, seed: 45 });
const random = seeded(46);
const text = lines.join('\n');
const fileMegabytes = round(Buffer.byteLength(text) / 1e6);
const storageDir = await mkdtemp(path.join(tmpdir(), 'cupel-bench-'));
const client = new LspClient(server);

let status;
client.on('cupel/status', (next) => (status = next));
let version = 1;
const at = (line, character) => ({ line, character });
const anyLine = () => Math.floor(random() * (records - screen));
const badges = (first) => client.request('textDocument/inlayHint', { textDocument: { uri }, range: { start: at(first, 0), end: at(first + screen - 1, 0) } });
const hover = (line) => client.request('textDocument/hover', { textDocument: { uri }, position: at(line, 5) });
const nothing = () => client.request('textDocument/hover', { textDocument: { uri: 'file:///closed.jsonl' }, position: at(0, 0) });
/** Types a letter at the end of the response on a line, and takes it away again the next time. */
function type(line) {
  const typed = lines[line].endsWith('x"}');
  const end = lines[line].length - 2;
  lines[line] = `${lines[line].slice(0, typed ? end - 1 : end)}${typed ? '' : 'x'}"}`;
  version += 1;
  client.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ range: { start: at(line, typed ? end - 1 : end), end: at(line, end) }, text: typed ? '' : 'x' }] });
}
async function keystroke() {
  const first = anyLine();
  type(first + Math.floor(random() * screen));
  await badges(first);
}
const labels = (hints) => hints.map(({ label }) => label.map(({ value }) => value).join(''));
const isMeasured = async (line) => /\d+t/.test(labels(await client.request('textDocument/inlayHint', { textDocument: { uri }, range: { start: at(line, 0), end: at(line, 0) } }))[0] ?? '');
async function until(holds, ms = 100) {
  while (!(await holds())) await wait(ms);
}

const results = { what: 'the language server over standard input and output with one file open', fileMegabytes, records, screen, scored: options.scored, node: process.version, cores: cpus().length };
try {
  await client.request('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: { workspace: { configuration: true, inlayHint: { refreshSupport: true }, diagnostics: { refreshSupport: true } }, textDocument: { diagnostic: {} } },
    initializationOptions: { storageDir, modelsDir: path.join(root, 'models'), workerPath: path.join(path.dirname(server), 'worker.cjs'), commands: true },
  });
  client.notify('initialized', {});
  await nothing();
  const memory = { started: memoryOf(client.pid).now };

  const opening = performance.now();
  client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'jsonl', version, text } });
  await badges(0);
  results.openToBadgesMs = round(performance.now() - opening);
  memory.opened = memoryOf(client.pid).now;

  // While the file is still being read and measured.
  const busy = { nothing: [], hover: [], badges: [], keystroke: [] };
  let readMs;
  for (let sampled = 0; ; sampled += 1) {
    busy.nothing.push(await timed(client.pid, 1, nothing));
    busy.hover.push(await timed(client.pid, 1, () => hover(anyLine())));
    busy.badges.push(await timed(client.pid, 1, () => badges(anyLine())));
    busy.keystroke.push(await timed(client.pid, 1, keystroke));
    await wait(5);
    if (readMs === undefined && (status?.records ?? 0) >= records) readMs = performance.now() - opening;
    // Lines that are asked for are measured first: these say that the end is near, not that it is reached.
    if (sampled % 20 === 19 && readMs !== undefined && (await isMeasured(records - 1)) && (await isMeasured(anyLine()))) break;
  }
  await atRest(client.pid);
  results.allReadMs = Math.round(readMs);
  results.allMeasuredMs = Math.round(performance.now() - opening);
  results.busy = Object.fromEntries(Object.entries(busy).map(([name, times]) => [name, summary(joined(times))]));
  memory.measured = memoryOf(client.pid).now;
  memory.peakWhileMeasuring = memoryOf(client.pid).most;

  if (options.scored) {
    const started = performance.now();
    await client.request('cupel/score', { uri });
    results.scoringMs = Math.round(performance.now() - started);
    memory.scored = memoryOf(client.pid).now;
    memory.peakWhileScoring = memoryOf(client.pid).most;
  }

  await until(() => wait(500).then(() => status?.running === undefined));
  await atRest(client.pid);
  const quiet = {
    nothing: await timed(client.pid, samples, nothing),
    hover: await timed(client.pid, samples, () => hover(anyLine())),
    badges: await timed(client.pid, samples, () => badges(anyLine())),
    keystroke: await timed(client.pid, samples, keystroke),
  };
  results.quiet = Object.fromEntries(Object.entries(quiet).map(([name, times]) => [name, summary(times)]));
  const card = (await hover(records - 2)).contents.value;
  if (options.scored && !/higher|lowest|highest/.test(card)) throw new Error(`the card says no place in the file:\n${card}`);

  memory.beforeEdits = memoryOf(client.pid).now;
  for (let edits = 0; edits < 10_000; edits += 100) {
    for (let one = 0; one < 100; one += 1) type(anyLine());
    await badges(anyLine());
  }
  await wait(2000);
  await badges(0);
  memory.after10000Edits = memoryOf(client.pid).now;
  if (options.rest) {
    await wait(65_000);
    memory.atRest = memoryOf(client.pid).now;
  }
  memory.peak = memoryOf(client.pid).most;
  results.memoryMegabytes = memory;
  await client.stop();
} finally {
  client.kill();
  await rm(storageDir, { recursive: true, force: true });
}

const folder = path.join(root, 'bench/results');
await mkdir(folder, { recursive: true });
const file = path.join(folder, 'editor.json');
const before = await readFile(file, 'utf8').then(JSON.parse, () => ({}));
const all = { ...before, [options.scored ? 'scored' : 'unscored']: results };
await writeFile(file, `${JSON.stringify(all, null, 2)}\n`);
await writeFile(path.join(folder, 'editor.md'), report(all));
console.log(report({ [options.scored ? 'scored' : 'unscored']: results }));
