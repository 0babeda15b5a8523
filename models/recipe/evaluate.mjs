// Measures the embedded scorer the way acceptance does, without the CLI.
// usage: node models/recipe/evaluate.mjs DATA_FOLDER [--write]   --write puts the reviews' figure into models/embedded/reward.json
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { importEngine } from './bundle.mjs';
import { damages, seeded } from './perturb.mjs';

const data = process.argv[2];
if (data === undefined) throw new Error('usage: evaluate.mjs DATA_FOLDER');
const { loadEmbedded } = await importEngine('embedded/embeddedScorer');
const scorer = await loadEmbedded('models');
const rows = (name) => readFileSync(path.join(data, name), 'utf8').split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line));
const promptOf = (row) => (row.input ? `${row.instruction}\n${row.input}` : row.instruction);
const reward = (prompt, response) => scorer.measureReward({ key: '', prompt, response }).value;
const mean = (list) => list.reduce((sum, x) => sum + x, 0) / list.length;
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const percent = (x) => `${(100 * x).toFixed(1)} %`;

function spearman(a, b) {
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
  const dot = (u, mu, v, mv) => u.reduce((sum, value, i) => sum + (value - mu) * (v[i] - mv), 0);
  return dot(x, mx, y, my) / Math.sqrt(dot(x, mx, x, mx) * dot(y, my, y, my));
}

{
  const seen = [];
  for (const row of rows('ifd_gpt2_dev.jsonl')) {
    const { cond, direct } = scorer.measureLoss({ key: '', prompt: promptOf(row), response: row.output });
    if (row.ppl_A_direct && row.ifd_ppl && cond && direct) seen.push({ cond: cond.sum / cond.tokens, direct: direct.sum / direct.tokens, row });
  }
  const ifd = seen.map((s) => Math.exp(s.cond - s.direct));
  console.log(`IFD on rows the calibration has seen: Spearman ${spearman(ifd, seen.map((s) => s.row.ifd_ppl)).toFixed(4)} on ${seen.length}; median ${median(ifd).toFixed(3)} against ${median(seen.map((s) => s.row.ifd_ppl)).toFixed(3)} (quote RESULTS.md's cross-validated figures)`);
}

{
  const reviews = rows('cherry_reviews_dev.jsonl').filter((row) => row.judge.includes('4'));
  let n = 0;
  let agreed = 0;
  let longer = 0;
  for (const row of reviews) {
    const a = row.scores[0] + row.scores_reverse[1];
    const b = row.scores[1] + row.scores_reverse[0];
    if (a === b) continue;
    n++;
    agreed += Number(reward(row.prompt, row.answer1) > reward(row.prompt, row.answer2) === a > b);
    longer += Number(row.answer1.length > row.answer2.length === a > b);
  }
  console.log(`GPT-4 reviews: agrees on ${percent(agreed / n)} of ${n} pairs (longer wins ${percent(longer / n)})`);
  if (process.argv.includes('--write')) {
    const file = JSON.parse(readFileSync('models/embedded/reward.json', 'utf8'));
    file.agreement = `agrees with GPT-4 reviews on ${Math.round((100 * agreed) / n)} % of ${n} pairs (the longer response: ${Math.round((100 * longer) / n)} %)`;
    writeFileSync('models/embedded/reward.json', `${JSON.stringify(file, undefined, 1)}\n`);
  }
}

for (const [name, limit] of [['alpaca_union.jsonl', 4000], ['dolly_3k.jsonl', 2996]]) {
  const random = seeded(7);
  const all = rows(name).filter((row) => row.output.trim().length > 1);
  const wins = { shuffled: [] };
  for (const row of all.slice(0, limit)) {
    const good = reward(promptOf(row), row.output);
    const other = all[Math.floor(random() * all.length)];
    if (other.output !== row.output) wins.shuffled.push(good > reward(promptOf(row), other.output));
    for (const [kind, damage] of Object.entries(damages)) {
      const bad = damage(row.output, random);
      if (bad !== row.output) (wins[kind] ??= []).push(good > reward(promptOf(row), bad));
    }
  }
  console.log(`${name}: the damaged copy loses:`, Object.entries(wins).map(([kind, list]) => `${kind} ${percent(mean(list.map(Number)))}`).join(', '));
}

{
  const teachers = new Map();
  for (const row of rows('alpaca_eval_14_teachers_wide.jsonl')) {
    for (const [teacher, response] of Object.entries(row.outputs)) {
      if (response === null) continue;
      const loss = scorer.measureLoss({ key: '', prompt: row.instruction, response });
      if (!teachers.has(teacher)) teachers.set(teacher, { rewards: [], losses: [] });
      teachers.get(teacher).rewards.push(reward(row.instruction, response));
      if (loss.cond) teachers.get(teacher).losses.push(loss.cond.sum / loss.cond.tokens);
    }
  }
  const table = [...teachers].map(([teacher, t]) => ({ teacher, reward: mean(t.rewards), loss: mean(t.losses), car: mean(t.rewards) / (1 + 3 * mean(t.losses)) }));
  for (const t of table.sort((a, b) => b.car - a.car)) console.log(t.teacher.padEnd(28), `reward ${t.reward.toFixed(3)}  loss ${t.loss.toFixed(3)}  CAR ${t.car.toFixed(4)}`);
}
