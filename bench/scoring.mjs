// Records a second of the embedded scorer, loss and reward together, on one thread.
// usage: node bench/scoring.mjs FILE.jsonl (Alpaca records)
import { readFileSync } from 'node:fs';
import { importEngine } from '../models/recipe/bundle.mjs';

const file = process.argv[2];
if (file === undefined) throw new Error('usage: scoring.mjs FILE.jsonl');
const { loadEmbedded } = await importEngine('embedded/embeddedScorer');
const loading = performance.now();
const scorer = await loadEmbedded('models');
console.log(`loaded in ${(performance.now() - loading).toFixed(0)} ms`);
const items = readFileSync(file, 'utf8').split('\n').filter((line) => line.trim() !== '').map((line) => {
  const row = JSON.parse(line);
  return { key: '', prompt: row.input ? `${row.instruction}\n${row.input}` : row.instruction, response: row.output };
});
for (let round = 1; round <= 3; round++) {
  const started = performance.now();
  const cpu = process.cpuUsage();
  for (const item of items) {
    scorer.measureLoss(item);
    scorer.measureReward(item);
  }
  const used = process.cpuUsage(cpu);
  const seconds = (performance.now() - started) / 1000;
  console.log(`round ${round}: ${(items.length / seconds).toFixed(0)} records a second (${(items.length / ((used.user + used.system) / 1e6)).toFixed(0)} a CPU second)`);
}
