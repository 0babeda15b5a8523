// What hostile files, hostile edits and failing disks do to the server and the command line. One scenario a file in bench/robustness.
// `node bench/robustness.mjs [scenario …]` runs all or the named ones and puts their figures into bench/results/robustness.{json,md}.
// CUPEL_SEED and CUPEL_OPERATIONS change the fuzzer's seed (1) and length (100,000).
import { build } from 'esbuild';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBundles } from '../scripts/bundles.mjs';
import { fullDisk } from './robustness/fullDisk.mjs';
import { fuzz } from './robustness/fuzz.mjs';
import { jsonFiles } from './robustness/jsonFiles.mjs';
import { killed } from './robustness/killed.mjs';
import { longLine } from './robustness/longLine.mjs';
import { manyLines } from './robustness/manyLines.mjs';

const scenarios = { jsonFiles, fuzz, longLine, manyLines, fullDisk, killed };
const root = fileURLToPath(new URL('..', import.meta.url));
const results = path.join(root, 'bench/results/robustness.json');
const own = path.join(root, 'build/robustness/dist');

const chosen = process.argv.slice(2);
for (const name of chosen) if (!(name in scenarios)) throw new Error(`No scenario is called ${name}: ${Object.keys(scenarios).join(', ')}.`);

// Bundles of its own: what is built meanwhile does not change a run that has begun.
if (process.env.CUPEL_BUNDLES === undefined) await buildBundles();
await rm(path.dirname(own), { recursive: true, force: true });
await cp(process.env.CUPEL_BUNDLES ?? path.join(root, 'dist'), own, { recursive: true });
// The command line finds its models beside the folder of its bundle.
await symlink(path.join(root, 'models'), path.join(path.dirname(own), 'models'), 'junction');
await build({ absWorkingDir: root, entryPoints: { fuzzer: 'test/server/support/fuzz/fuzzer.ts', serverProcess: 'test/server/support/serverProcess.ts' }, outdir: own, outExtension: { '.js': '.cjs' }, bundle: true, platform: 'node', format: 'cjs', target: 'node20', mainFields: ['module', 'main'], logLevel: 'error' });
const require = createRequire(import.meta.url);
const { Fuzzer } = require(path.join(own, 'fuzzer.cjs'));
const { ServerProcess } = require(path.join(own, 'serverProcess.cjs'));

const before = JSON.parse(await readFile(results, 'utf8').catch(() => '{"rows":[]}'));
let rows = before.rows;
for (const [name, scenario] of Object.entries(scenarios)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const folder = await mkdtemp(path.join(tmpdir(), 'cupel-robustness-'));
  try {
    const found = await scenario({ root, own, folder, Fuzzer, startServer: (options) => ServerProcess.start({ server: path.join(own, 'server.cjs'), modelsDir: path.join(root, 'models'), storageDir: path.join(folder, 'store'), ...options }) });
    for (const row of found) console.log(`${row.ok ? '✓' : '✗'} ${row.what}: ${row.result}${row.peakMB === undefined ? '' : ` · ${row.peakMB} MB`} · ${row.seconds} s`);
    rows = [...rows.filter((row) => row.scenario !== name), ...found.map((row) => ({ scenario: name, ...row }))];
    if (found.some(({ ok }) => !ok)) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await write();
}

/** After each scenario: what was measured stays when a later one is stopped. */
async function write() {
  rows = Object.keys(scenarios).flatMap((name) => rows.filter((row) => row.scenario === name));
  const machine = { node: process.version, cores: cpus().length };
  await mkdir(path.dirname(results), { recursive: true });
  await writeFile(results, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
  await writeFile(results.replace('.json', '.md'), report(machine));
}

function report(machine) {
  const cell = (text) => String(text ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ');
  return `# Robustness, measured

\`node bench/robustness.mjs\` on ${machine.cores} cores, Node ${machine.node}; the server is the bundle, driven over standard input and output. Peak memory is what the process held at most.

| | what was done | what came of it | peak MB | seconds |
|---|---|---|---|---|
${rows.map(({ ok, what, result, peakMB, seconds }) => `| ${ok ? '✓' : '✗'} | ${cell(what)} | ${cell(result)} | ${cell(peakMB)} | ${cell(seconds)} |`).join('\n')}
`;
}
