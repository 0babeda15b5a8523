// Agreement of the embedded reward with GPT-4's reviews of pairs, both orders averaged, ties out; "the longer response wins" beside it.
// usage: node bench/quality/reviews.mjs [DATA_FOLDER] [--write]   --write puts the figure into models/embedded/reward.json
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { data, embedded, percent, report, shipped } from './quality.mjs';

const goal = 0.72;
const rows = data('cherry_reviews_dev.jsonl').filter((row) => row.judge.includes('4'));
const { reward } = await embedded();
const sets = new Map();
for (const row of rows) {
  const a = row.scores[0] + row.scores_reverse[1];
  const b = row.scores[1] + row.scores_reverse[0];
  if (a === b) continue;
  const agreed = Number(reward(row.prompt, row.answer1) > reward(row.prompt, row.answer2) === a > b);
  const longer = Number(row.answer1.length > row.answer2.length === a > b);
  for (const name of ['all', row.set]) {
    const count = sets.get(name) ?? { n: 0, agreed: 0, longer: 0 };
    sets.set(name, { n: count.n + 1, agreed: count.agreed + agreed, longer: count.longer + longer });
  }
}
const { n, agreed, longer } = sets.get('all');
report(agreed / n >= goal && agreed > longer, `GPT-4 reviews: agrees on ${percent(agreed / n)} of ${n} untied pairs (standard error ${percent(Math.sqrt((agreed / n) * (1 - agreed / n) / n))}); the longer response ${percent(longer / n)}; goal ${percent(goal)}`);
for (const [name, set] of sets) if (name !== 'all') console.log(`     ${name}: ${percent(set.agreed / set.n)} of ${set.n} (longer ${percent(set.longer / set.n)})`);
if (process.argv.includes('--write')) {
  const file = shipped('reward.json');
  file.agreement = `agrees with GPT-4 reviews on ${Math.round((100 * agreed) / n)} % of ${n} pairs (the longer response: ${Math.round((100 * longer) / n)} %)`;
  writeFileSync(fileURLToPath(new URL('../../models/embedded/reward.json', import.meta.url)), `${JSON.stringify(file, undefined, 1)}\n`);
}
