// Writes the loss features of every row of an evaluation file, beside its published perplexities, as one JSON file.
// usage: node models/recipe/dumpFeatures.mjs ifd_gpt2_dev.jsonl ngrams.bin OUT.json
import { readFileSync, writeFileSync } from 'node:fs';
import { importEngine } from './bundle.mjs';

const [input, ngramsFile, output] = process.argv.slice(2);
const { LossFeatures, NgramModel, TextReader, loadTokenizer, aloneFeatureNames, givenFeatureNames } = await importEngine('embedded/lossFeatures', 'embedded/ngramModel', 'embedded/textReader', 'tokenizer');
const tokenizer = await loadTokenizer('r50k_base');
const ngrams = new NgramModel(readFileSync(ngramsFile));
const reader = new TextReader(tokenizer, ngrams);
const features = new LossFeatures(ngrams);
const rows = readFileSync(input, 'utf8').split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line));
const started = performance.now();
const out = rows.map((row) => {
  const prompt = reader.read(row.input ? `${row.instruction}\n${row.input}` : row.instruction);
  const response = reader.read(row.output);
  const n = response.tokens.length;
  if (n === 0) return { n, direct: null, cond: null, x: null };
  const alone = features.alone(response);
  return { n, direct: row.ppl_A_direct, cond: row.ppl_A_condition, x: [...alone, ...features.given(prompt, response, alone)] };
});
console.log(`${(1000 * rows.length / (performance.now() - started)).toFixed(0)} records a second`);
writeFileSync(output, JSON.stringify({ names: [...aloneFeatureNames, ...givenFeatureNames], rows: out }));
