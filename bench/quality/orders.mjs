// Evidence that no weight was fitted to and that has no bar: does the embedded reward put known strong teachers above weak ones, the
// models of the Self-Instruct user study in their order, and five responses in ArmoRM's order? Pairs of one instruction each.
// usage: node bench/quality/orders.mjs [DATA_FOLDER]
import { data, embedded, mean, percent, promptOf, spearman } from './quality.mjs';

const strong = ['gpt-4o-2024-05-13', 'Qwen1.5-72B-Chat', 'claude-2', 'Meta-Llama-3-8B-Instruct'];
const weak = ['vicuna-7b', 'gemma-2b-it', 'alpaca-7b', 'falcon-7b-instruct', 'phi-2', 'phi-2-sft'];
/** Human raters, Wang et al. 2022, figure 6: best first. */
const study = ['text-davinci-003', 'text-davinci-002', 'text-davinci-001', 'davinci-self-instruct', 'davinci'];

const alpacaEval = data('alpaca_eval_14_teachers_wide.jsonl');
const ranked = data('magpie_5res_armorm.json');
const predictions = study.map((name) => data(`human_eval/predictions/${name}_predictions.jsonl`));
const { reward } = await embedded();

/** Pairs (prompt, better, worse): how often the reward agrees, and how often the longer response is the better. */
function compare(name, pairs) {
  const untied = pairs.filter(([, better, worse]) => better.trim() !== worse.trim() && better !== '' && worse !== '');
  const agreed = untied.map(([prompt, better, worse]) => Number(reward(prompt, better) > reward(prompt, worse)));
  const longer = untied.map(([, better, worse]) => Number(better.length > worse.length));
  console.log(`     ${name}: ${percent(mean(agreed))} of ${untied.length} (the longer response ${percent(mean(longer))})`);
}

const teacherPairs = alpacaEval.flatMap(({ instruction, outputs }) =>
  strong.flatMap((better) => weak.map((worse) => [instruction, outputs[better], outputs[worse]])).filter(([, better, worse]) => typeof better === 'string' && typeof worse === 'string'),
);
compare('strong above weak teachers', teacherPairs);
compare('... where the weak one is longer', teacherPairs.filter(([, better, worse]) => better.length < worse.length));

compare('Self-Instruct study, better above worse model', predictions[0].flatMap((task, i) =>
  study.slice(1).map((_, k) => [promptOf({ instruction: task.instruction.trim(), input: task.input }), predictions[k][i].response.trim(), predictions[k + 1][i].response.trim()]),
));

const armorm = ranked.map((row) => row.rewards_armorm.map(({ score }) => score));
compare("ArmoRM's order of responses", ranked.flatMap(({ instruction, responses }, r) =>
  responses.flatMap((better, i) => responses.flatMap((worse, j) => (armorm[r][i] > armorm[r][j] ? [[instruction, better, worse]] : []))),
));
console.log(`     ... mean Spearman ${mean(ranked.map(({ instruction, responses }, r) => spearman(responses.map((response) => reward(instruction, response)), armorm[r]))).toFixed(2)} over ${ranked.length} prompts`);
