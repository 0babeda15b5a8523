// How often a response gets a higher reward than a response to another instruction of the same file.
// usage: node bench/quality/shuffled.mjs [DATA_FOLDER]
import { seeded } from '../../models/recipe/perturb.mjs';
import { data, embedded, mean, percent, promptOf, report } from './quality.mjs';

const bar = 0.9;
const files = [['alpaca_union.jsonl', 4000], ['dolly_3k.jsonl', 2996]].map(([name, limit]) => ({ name, limit, rows: data(name).filter((row) => row.output.trim().length > 1) }));
const { reward } = await embedded();
for (const { name, limit, rows } of files) {
  const random = seeded(7);
  const wins = [];
  for (const row of rows.slice(0, limit)) {
    const other = rows[Math.floor(random() * rows.length)];
    if (other.output !== row.output) wins.push(Number(reward(promptOf(row), row.output) > reward(promptOf(row), other.output)));
  }
  report(mean(wins) >= bar, `${name}: the response beats another instruction's in ${percent(mean(wins))} of ${wins.length}; bar ${percent(bar)}`);
}
