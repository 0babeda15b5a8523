// `npm run demo`: the main job on the sample, end to end and unattended, through the command line that users get.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensureDependencies, root } from './ensure.mjs';

await ensureDependencies();
const { ensureBundles } = await import('./bundles.mjs');
await ensureBundles();

// Paths as a person would type them from the checkout.
process.chdir(root);
const results = path.join('build', 'demo');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const sample = path.join(results, 'sample.jsonl');
cpSync(path.join('examples', 'sample.jsonl'), sample);
const teachers = ['concise', 'detailed', 'friendly'].map((name) => path.join('examples', 'teachers', `${name}.jsonl`));
const inResults = (name) => path.join(results, name);

console.log('Cupel on its sample: 64 records, three teachers, the embedded scorer. No network, no key.\n');

step('1. Score every record');
cupel(['score', sample, '--out', inResults('scores.jsonl')]);
const scores = readJsonLines('scores.jsonl');
console.log(table(['line', 'tokens', 'reward', 'IFD', 'CAR'], scores.slice(0, 6).map(({ line, scores: s }) => [line, s['length.tokens'], s.reward, s['ifd.ppl'], s.car])));
console.log(`   … ${scores.length} records scored; IFD is undefined for ${scores.filter((row) => row.undefined?.['ifd.ppl']).length} (too short or unanswered). All values are estimates.\n`);
cupel(['stats', sample]);

step('2. Rank the teachers for a GPT-2 base');
cupel(['rank-teachers', ...teachers]);

step('3. Regenerate the weakest tenth with the teacher "detailed", and apply it to a copy');
const scored = scores.filter((row) => row.scores.reward !== undefined);
const weakest = scored.sort((a, b) => a.scores.reward - b.scores.reward).slice(0, Math.floor(scored.length / 10)).map((row) => row.line);
cupel(['regenerate', sample, '--teacher', teachers[1], '--lines', weakest.join(','), '--out', inResults('proposals.jsonl')], [0, 1]);
const proposals = readJsonLines('proposals.jsonl');
for (const { line, status, reason, before, after } of proposals) {
  const change = status === 'failed' ? `no proposal: ${reason}` : `reward ${number(before?.reward?.value)} → ${number(after?.reward?.value)}`;
  console.log(`   line ${String(line).padStart(2)}  ${change}`);
}
cupel(['apply', sample, inResults('proposals.jsonl'), '--out', inResults('improved.jsonl')]);

step('4. Select the better half by reward');
cupel(['select', inResults('improved.jsonl'), '--top', 'reward', '--rate', '0.5', '--out', inResults('selected.jsonl')]);

step('5. Check it for a trainer');
cupel(['check', inResults('selected.jsonl'), '--trainer', 'llamafactory-alpaca'], [0, 1]);

step('6. Export it as messages');
cupel(['export', inResults('selected.jsonl'), '--format', 'messages', '--out', inResults('train.jsonl')]);

console.log(`\nResults: ${results}/ — scores.jsonl, proposals.jsonl, improved.jsonl, selected.jsonl (+ manifest), train.jsonl (+ manifest)`);

/** Runs the command line with its own store, so that the demo leaves nothing behind and computes everything itself. */
function cupel(args, allowed = [0]) {
  const { status, error } = spawnSync(process.execPath, [path.join('dist', 'cli.cjs'), ...args], { stdio: 'inherit', env: { ...process.env, CUPEL_HOME: inResults('store') } });
  if (error) throw error;
  if (!allowed.includes(status)) {
    console.error(`cupel ${args[0]} ended with ${status}`);
    process.exit(1);
  }
}

function step(title) {
  console.log(`\n${title}\n`);
}

function readJsonLines(name) {
  return readFileSync(inResults(name), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
}

function table(head, rows) {
  return [head, ...rows].map((row) => `   ${row.map((cell) => (typeof cell === 'string' ? cell : number(cell)).padStart(8)).join('')}`).join('\n');
}

function number(value) {
  return value === undefined ? '∅' : Number.isInteger(value) ? String(value) : value.toFixed(2);
}
