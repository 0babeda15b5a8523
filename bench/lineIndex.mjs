// Indexing the lines of a large file against reading the same bytes with the same reads, page-cached. Budget: at most 1.6 times.
// The fastest round counts: what else the machine does only ever adds.
// `node bench/lineIndex.mjs [MB]` writes its figures to bench/results/lineIndex.json.
import { build } from 'esbuild';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const megabytes = Number(process.argv[2] ?? 1024);
const rounds = 9;
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = await mkdtemp(path.join(tmpdir(), 'cupel-bench-'));

try {
  const bundle = path.join(folder, 'lineIndex.mjs');
  await build({ absWorkingDir: root, entryPoints: ['src/engine/files/lineIndex.ts'], outfile: bundle, bundle: true, platform: 'node', format: 'esm' });
  const { indexLines } = await import(pathToFileURL(bundle).href);
  const file = path.join(folder, 'data.jsonl');
  const lines = await generate(file, megabytes * 2 ** 20);
  await readAll(file);

  const reading = [];
  const indexing = [];
  for (let round = 0; round < rounds; round += 1) {
    reading.push(await milliseconds(() => readAll(file)));
    indexing.push(await milliseconds(async () => {
      const { count } = await indexLines(file);
      if (count !== lines) throw new Error(`found ${count} of ${lines} lines`);
    }));
  }
  const result = {
    what: 'index the lines of a JSONL file, page-cached; the fastest of some rounds',
    megabytes,
    lines,
    rounds,
    readMs: Math.round(fastest(reading)),
    indexMs: Math.round(fastest(indexing)),
    ratio: Number((fastest(indexing) / fastest(reading)).toFixed(2)),
    budget: 1.6,
    node: process.version,
    cores: cpus().length,
  };
  await mkdir(path.join(root, 'bench/results'), { recursive: true });
  await writeFile(path.join(root, 'bench/results/lineIndex.json'), `${JSON.stringify(result, null, 2)}\n`);
  console.log(JSON.stringify(result));
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Lines of 100 to 900 bytes, the same in every run. */
async function generate(file, bytes) {
  const handle = await open(file, 'w');
  const text = 'x'.repeat(900);
  let written = 0;
  let lines = 0;
  let seed = 1;
  try {
    while (written < bytes) {
      let block = '';
      while (block.length < 2 ** 22) {
        seed = (seed * 48_271) % 2_147_483_647;
        block += `{"output":"${text.slice(0, 87 + (seed % 800))}"}\n`;
        lines += 1;
      }
      await handle.appendFile(block);
      written += block.length;
    }
  } finally {
    await handle.close();
  }
  return lines;
}

async function readAll(file) {
  const handle = await open(file, 'r');
  const buffer = Buffer.allocUnsafeSlow(2 ** 20);
  try {
    while ((await handle.read(buffer, 0, buffer.length, null)).bytesRead > 0);
  } finally {
    await handle.close();
  }
}

async function milliseconds(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function fastest(values) {
  return Math.min(...values);
}
