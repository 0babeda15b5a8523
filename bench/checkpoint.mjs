// IFD of one checkpoint: Cupel's CLI against the published procedure in Python (Hugging Face torch, two passes), the same records, in turn.
// usage: node bench/checkpoint.mjs MODEL_DIR DATA.jsonl [--records 40] [--rounds 3] [--python python3] [--precision fp32,int8] [--preset superfiltering]
// Whole processes are timed, their start and the loading of weights with them; a run over one record is taken off, so that what counts is scoring.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

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
let tokens = 0;
try {
  for (let round = 1; round <= Number(values.rounds); round++) {
    for (const { name, run } of contenders) {
      const started = run(one).seconds;
      const whole = run(many);
      tokens = whole.tokens ?? tokens;
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
  const { seconds: took, memory, stdout } = timed(process.execPath, ['dist/cli.cjs', 'score', file, '--metrics', 'ifd', '--loss-model', model, '--precision', precision, '--ifd-preset', values.preset], { CUPEL_HOME: home });
  // What the losses rest on: counts are kept in the store, so tokens are counted by what is printed only when the peer says nothing.
  return { seconds: took, memory, tokens: undefined, stdout };
}

function python(file) {
  const out = path.join(folder, 'peer.json');
  const { seconds: took, memory } = timed(values.python, [`bench/peers/${values.preset}.py`, model, file, out], {});
  const rows = JSON.parse(readFileSync(out, 'utf8'));
  return { seconds: took, memory, tokens: countTokens(rows) };
}

function countTokens(rows) {
  return (rows.records ?? rows).reduce((sum, row) => sum + (row.cond?.tokens ?? 0) + (row.direct?.tokens ?? 0), 0);
}

/** Wall-clock seconds and peak resident megabytes of a process. */
function timed(command, args, environment) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync('/usr/bin/time', ['-f', '%M', command, ...args], { encoding: 'utf8', env: { ...process.env, ...environment }, maxBuffer: 1 << 28 });
  const took = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr.slice(-2000)}`);
  return { seconds: took, memory: Math.round(Number(stderr.trim().split('\n').at(-1)) / 1024), stdout };
}

function write(name, rows) {
  const file = path.join(folder, name);
  writeFileSync(file, `${rows.join('\n')}\n`);
  return file;
}
