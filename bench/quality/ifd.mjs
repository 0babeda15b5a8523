// Agreement of the embedded losses with published GPT-2 124M values (Superfiltering's procedure).
// usage: node bench/quality/ifd.mjs [DATA_FOLDER]
import { data, embedded, median, promptOf, report, shipped, spearman } from './quality.mjs';

/** The floor for the cross-validated IFD; the goals beside it are printed, not enforced. */
const floor = 0.77;
const goals = { ifd: 0.85, cond: 0.85, direct: 0.88 };

const rows = data('ifd_gpt2_dev.jsonl');
const scorer = await embedded();
const seen = [];
for (const row of rows) {
  const { cond, direct } = scorer.loss(promptOf(row), row.output);
  if (row.ppl_A_direct && row.ifd_ppl && cond && direct) seen.push({ cond: cond.sum / cond.tokens, direct: direct.sum / direct.tokens, row });
}
const real = (name) => seen.map(({ row }) => row[name]);
const ifd = seen.map((s) => Math.exp(s.cond - s.direct));
const { crossValidated, rows: fitted } = shipped('loss.json');
const figure = (value, goal) => `${value.toFixed(4)} (goal ${goal.toFixed(2)})`;
report(
  crossValidated.ifdSpearman >= floor,
  `cross-validated on ${fitted} rows: Spearman IFD ${figure(crossValidated.ifdSpearman, goals.ifd)}, L(A|Q) ${figure(crossValidated.condSpearman, goals.cond)}, L(A) ${figure(crossValidated.directSpearman, goals.direct)}; bar IFD ${floor.toFixed(2)}`,
);
report(Math.abs(median(ifd) - median(real('ifd_ppl'))) < 0.05, `median IFD ${median(ifd).toFixed(3)} against ${median(real('ifd_ppl')).toFixed(3)}; bar: within .05`);
console.log(
  `     not to be quoted, the shipped model was fitted on these very rows: Spearman IFD ${spearman(ifd, real('ifd_ppl')).toFixed(4)}, L(A|Q) ${spearman(seen.map((s) => s.cond), real('ppl_A_condition')).toFixed(4)}, L(A) ${spearman(seen.map((s) => s.direct), real('ppl_A_direct')).toFixed(4)} on ${seen.length}`,
);
