// Fourteen teachers on the same instructions: the adversarial constant answer must come last by mean reward and by CAR (β = 3).
// usage: node bench/quality/nullmodel.mjs [DATA_FOLDER]
import { data, embedded, mean, report } from './quality.mjs';

const instructions = data('alpaca_eval_14_teachers_wide.jsonl');
const scorer = await embedded();
const teachers = new Map();
for (const row of instructions) {
  for (const [teacher, response] of Object.entries(row.outputs)) {
    if (response === null) continue;
    if (!teachers.has(teacher)) teachers.set(teacher, { rewards: [], losses: [] });
    const { cond } = scorer.loss(row.instruction, response);
    teachers.get(teacher).rewards.push(scorer.reward(row.instruction, response));
    if (cond) teachers.get(teacher).losses.push(cond.sum / cond.tokens);
  }
}
const table = [...teachers].map(([teacher, t]) => ({ teacher, reward: mean(t.rewards), loss: mean(t.losses), car: mean(t.rewards) / (1 + 3 * mean(t.losses)) }));
for (const by of ['reward', 'car']) {
  const order = [...table].sort((a, b) => b[by] - a[by]);
  const place = order.findIndex(({ teacher }) => teacher === 'NullModel') + 1;
  report(place === order.length, `NullModel is ${place} of ${order.length} by ${by}; bar: last`);
}
for (const t of table.sort((a, b) => b.reward - a.reward)) console.log(`     ${t.teacher.padEnd(32)} reward ${t.reward.toFixed(3)}  loss ${t.loss.toFixed(3)}  CAR ${t.car.toFixed(4)}`);
