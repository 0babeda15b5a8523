// IFD of one checkpoint: Cupel's CLI against the published procedure in Python (Hugging Face torch, two passes), the same records, in turn.
// usage: node bench/checkpoint.mjs MODEL_DIR DATA.jsonl [--records 40] [--rounds 3] [--python python3] [--precision fp32,int8] [--preset superfiltering]
// Whole processes are timed; a run over one record, with the start and the loading of weights, is taken off, so that what counts is scoring.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { importEngine } from '../models/recipe/bundle.mjs';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    records: { type: 'string', default: '40' },
    rounds: { type: 'string', default: '3' },
    python: { type: 'string' },
    precision: { type: 'string', default: 'fp32' },
    preset: { type: 'string', default: 'superfiltering' },
  },
});
const [model, data] = positionals;
if (model === undefined || data === undefined) throw new Error('usage: checkpoint.mjs MODEL_DIR DATA.jsonl [--records N] [--rounds N] [--python PATH] [--precision fp32,int8] [--preset NAME]');

const folder = mkdtempSync(path.join(tmpdir(), 'cupel-bench-'));
const lines = readFileSync(data, 'utf8').split('\n').filter((line) => line.trim() !== '');
const step = Math.max(1, Math.floor(lines.length / Number(values.records)));
const sample = lines.filter((_, index) => index % step === 0).slice(0, Number(values.records));
const many = write('many.jsonl', sample);
const one = write('one.jsonl', sample.slice(0, 1));

const contenders = [
  ...(values.python === undefined ? [] : [{ name: 'Python (torch fp32)', run: python }]),
  ...values.precision.split(',').map((precision) => ({ name: `Cupel ${precision}`, run: (file) => cupel(file, precision) })),
];

console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} threads, Node ${process.version}; ${sample.length} records, ${values.preset}`);
const seconds = new Map(contenders.map(({ name }) => [name, []]));
const tokens = await scoredTokens();
try {
  for (let round = 1; round <= Number(values.rounds); round++) {
    for (const { name, run } of contenders) {
      const started = run(one).seconds;
      const whole = run(many);
      const net = whole.seconds - started;
      seconds.get(name).push(net);
      console.log(`round ${round}  ${name.padEnd(20)} ${net.toFixed(2)} s to score, ${started.toFixed(2)} s to start, ${whole.memory} MB`);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
const medians = new Map([...seconds].map(([name, all]) => [name, all.sort((a, b) => a - b)[Math.floor(all.length / 2)]]));
const peer = medians.get('Python (torch fp32)');
for (const [name, median] of medians) console.log(`${name.padEnd(20)} median ${median.toFixed(2)} s, ${Math.round(tokens / median)} scored tokens a second${peer === undefined ? '' : `, ${(peer / median).toFixed(2)} × Python`}`);

function cupel(file, precision) {
  const home = mkdtempSync(path.join(folder, 'home-'));
  return timed(process.execPath, ['dist/cli.cjs', 'score', file, '--metrics', 'ifd', '--loss-model', model, '--precision', precision, '--ifd-preset', values.preset], { CUPEL_HOME: home });
}

function python(file) {
  return timed(values.python, [`bench/peers/${values.preset}.py`, model, file, path.join(folder, 'peer.json'), '--two-passes'], {});
}

/** Tokens of the responses, once with their instruction and once without: what both score. Those of the instruction come on top for Cupel. */
async function scoredTokens() {
  const { loadCheckpointTokenizer } = await importEngine('checkpoints/checkpointTokenizer');
  const tokenizer = await loadCheckpointTokenizer(path.resolve(model === 'tiny' ? 'models/tiny' : model));
  return sample.reduce((sum, line) => sum + Math.max(0, 2 * tokenizer.encode(JSON.parse(line).output).length - 1), 0);
}

/** Wall-clock seconds and peak resident megabytes of a process. */
function timed(command, args, environment) {
  const started = performance.now();
  const { status, stderr } = spawnSync('/usr/bin/time', ['-f', '%M', command, ...args], { encoding: 'utf8', env: { ...process.env, ...environment }, maxBuffer: 1 << 28 });
  const took = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr.slice(-2000)}`);
  return { seconds: took, memory: Math.round(Number(stderr.trim().split('\n').at(-1)) / 1024) };
}

function write(name, rows) {
  const file = path.join(folder, name);
  writeFileSync(file, `${rows.join('\n')}\n`);
  return file;
}
