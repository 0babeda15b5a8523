// What the quality scripts share: the data folder, the scorer, and how a figure is reported against its bar.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { importEngine } from '../../models/recipe/bundle.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const given = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
const folder = given ?? path.join(root, '../shared/data');

/** Rows of a JSONL or JSON file of the data folder. Where it is absent the script ends here with 0 and says SKIPPED. */
export function data(name) {
  const file = path.join(folder, name);
  if (!existsSync(file)) {
    console.log(`SKIPPED: ${name} is not in ${folder}`);
    process.exit(0);
  }
  const text = readFileSync(file, 'utf8');
  return name.endsWith('.json') ? JSON.parse(text) : text.split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line));
}

/** The embedded scorer of this checkout, read from its sources. */
export async function embedded() {
  const { loadEmbedded } = await importEngine('embedded/embeddedScorer');
  const scorer = await loadEmbedded(path.join(root, 'models'));
  return {
    reward: (prompt, response) => scorer.measureReward({ key: '', prompt, response }).value,
    loss: (prompt, response) => scorer.measureLoss({ key: '', prompt, response }),
  };
}

/** A shipped JSON file of the embedded scorer. */
export function shipped(name) {
  return JSON.parse(readFileSync(path.join(root, 'models/embedded', name), 'utf8'));
}

/** Alpaca's prompt under the `plain` template. */
export const promptOf = (row) => (row.input ? `${row.instruction}\n${row.input}` : row.instruction);
export const mean = (list) => list.reduce((sum, x) => sum + x, 0) / list.length;
export const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
export const percent = (x) => `${(100 * x).toFixed(1)} %`;

/** Rank correlation, average ranks for ties. */
export function spearman(a, b) {
  const ranks = (list) => {
    const order = list.map((_, i) => i).sort((x, y) => list[x] - list[y]);
    const out = new Array(list.length);
    for (let i = 0; i < order.length; ) {
      let j = i;
      while (j + 1 < order.length && list[order[j + 1]] === list[order[i]]) j++;
      for (let k = i; k <= j; k++) out[order[k]] = (i + j) / 2;
      i = j + 1;
    }
    return out;
  };
  const [x, y] = [ranks(a), ranks(b)];
  const [mx, my] = [mean(x), mean(y)];
  const product = (u, mu, v, mv) => u.reduce((sum, value, i) => sum + (value - mu) * (v[i] - mv), 0);
  return product(x, mx, y, my) / Math.sqrt(product(x, mx, x, mx) * product(y, my, y, my));
}

/** Prints one figure; the script's exit status says whether every figure so far keeps its bar. */
export function report(good, sentence) {
  console.log(`${good ? 'ok  ' : 'FAIL'} ${sentence}`);
  if (!good) process.exitCode = 1;
}
