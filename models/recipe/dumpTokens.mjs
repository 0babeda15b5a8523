// Tokenises the training text with GPT-2's vocabulary: one folder of little-endian uint16 files, documents apart by 50256.
// usage: node models/recipe/dumpTokens.mjs TRAIN_FOLDER OUT_FOLDER
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { createGunzip } from 'node:zlib';
import { encode } from 'gpt-tokenizer/encoding/r50k_base';

const [train, out] = process.argv.slice(2);
if (train === undefined || out === undefined) throw new Error('usage: dumpTokens.mjs TRAIN_FOLDER OUT_FOLDER');
mkdirSync(out, { recursive: true });

const endOfText = 50256;
const plain = { disallowedSpecial: new Set() };
/** Novels are 40 % of the prose and read unlike responses: one in five of them is kept. */
const keepNovel = 5;

for (const name of ['qa', 't0_p3', 'text-00', 'text-01', 'cpp_docs']) {
  const lines = readline.createInterface({ input: createReadStream(path.join(train, `${name}.jsonl.gz`)).pipe(createGunzip()) });
  const file = createWriteStream(path.join(out, `${name}.u16`));
  let novels = 0;
  let tokens = 0;
  for await (const line of lines) {
    const row = JSON.parse(line);
    if (/ELTeC/i.test(row.source ?? '') && novels++ % keepNovel !== 0) continue;
    const text = row.text ?? `${row.instruction}\n${row.output}`;
    const ids = encode(text.replace(/\S{400,}/g, ' '), plain);
    ids.push(endOfText);
    tokens += ids.length;
    const bytes = Buffer.from(Uint16Array.from(ids).buffer);
    if (!file.write(bytes)) await new Promise((resolve) => file.once('drain', resolve));
  }
  await new Promise((resolve) => file.end(resolve));
  console.log(name, tokens);
}
