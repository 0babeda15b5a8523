// Reward features of real responses and of damaged ones from the training text, as one JSON file for fit_reward.py.
// usage: node models/recipe/dumpReward.mjs TRAIN_FOLDER MODELS_EMBEDDED OUT.json
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { importEngine } from './bundle.mjs';
import { damages, seeded } from './perturb.mjs';

const [train, models, out] = process.argv.slice(2);
const { RewardFeatures, rewardFeatureNames, NgramModel, TextReader, Topics, loadTokenizer } = await importEngine('embedded/rewardFeatures', 'embedded/ngramModel', 'embedded/textReader', 'embedded/topics', 'tokenizer');
const ngrams = new NgramModel(readFileSync(path.join(models, 'ngrams.bin')));
const reader = new TextReader(await loadTokenizer('r50k_base'), ngrams);
const features = new RewardFeatures(ngrams, new Topics(readFileSync(path.join(models, 'topics.bin'))));
const vector = (instruction, output) => {
  const reading = features.read(reader.read(instruction), reader.read(output)).vector;
  return rewardFeatureNames.map((name) => Number(reading[name].toFixed(5)));
};

const random = seeded(20240715);
/** At most so many rows of a source or template, so that none of them decides. */
const perSource = { qa: 700, t0_p3: 12 };
const pairs = [];
for (const file of ['qa', 't0_p3']) {
  const groups = new Map();
  for (const line of gunzipSync(readFileSync(path.join(train, `${file}.jsonl.gz`))).toString('utf8').split('\n')) {
    if (line === '') continue;
    const row = JSON.parse(line);
    if (row.output.trim().length < 2) continue;
    const group = row.source && file === 'qa' ? row.source : row.template;
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(row);
  }
  const sample = [];
  for (const rows of groups.values()) {
    const picked = Array.from({ length: Math.min(rows.length, perSource[file]) }, () => rows[Math.floor(random() * rows.length)]);
    sample.push(...picked);
  }
  for (const row of sample) {
    const other = sample[Math.floor(random() * sample.length)];
    const good = vector(row.instruction, row.output);
    if (other.output !== row.output) pairs.push({ kind: 'shuffled', file, good, bad: vector(row.instruction, other.output) });
    for (const [kind, damage] of Object.entries(damages)) {
      const bad = damage(row.output, random);
      if (bad !== row.output) pairs.push({ kind, file, good, bad: vector(row.instruction, bad) });
    }
  }
}
writeFileSync(out, JSON.stringify({ names: rewardFeatureNames, pairs }));
console.log(pairs.length, 'pairs');
