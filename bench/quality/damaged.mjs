// How often a response gets a higher reward than its own damaged copy. Scrambled words have no bar: they are reported only.
// usage: node bench/quality/damaged.mjs [DATA_FOLDER]
import { damages, seeded } from '../../models/recipe/perturb.mjs';
import { data, embedded, mean, percent, promptOf, report } from './quality.mjs';

const bars = { truncated: 0.85, corrupted: 0.85, repeated: 0.85 };
const files = [['alpaca_union.jsonl', 4000], ['dolly_3k.jsonl', 2996]].map(([name, limit]) => ({ name, limit, rows: data(name).filter((row) => row.output.trim().length > 1) }));
const { reward } = await embedded();
for (const { name, limit, rows } of files) {
  const random = seeded(7);
  const wins = {};
  for (const row of rows.slice(0, limit)) {
    const good = reward(promptOf(row), row.output);
    for (const [kind, damage] of Object.entries(damages)) {
      const bad = damage(row.output, random);
      if (bad !== row.output) (wins[kind] ??= []).push(Number(good > reward(promptOf(row), bad)));
    }
  }
  for (const [kind, list] of Object.entries(wins)) {
    const bar = bars[kind];
    report(bar === undefined || mean(list) >= bar, `${name}: the response beats its ${kind} copy in ${percent(mean(list))} of ${list.length}; ${bar === undefined ? 'no bar' : `bar ${percent(bar)}`}`);
  }
}
