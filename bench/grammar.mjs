// Tokenizing lines as long as VS Code tokenizes at all (20,000 characters) with Cupel's injection against the same without it.
// The fastest round counts: what else the machine does only ever adds.
// `node bench/grammar.mjs` writes its figures to bench/results/grammar.json.
import { build } from 'esbuild';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const characters = 20_000;
const rounds = 30;
const root = fileURLToPath(new URL('..', import.meta.url));
// Beside the packages that it leaves outside.
const bundle = path.join(root, 'build/bench/tokenize.mjs');

const sentence = 'The quick brown fox jumps over the lazy dog, again and again. ';
const fill = (text) => text.repeat(Math.ceil(characters / text.length)).slice(0, characters - 100);
const turn = { role: 'user', content: sentence };
const answer = { role: 'assistant', content: sentence };
const lines = {
  'one long text': { instruction: 'Tell a tale.', output: fill(sentence) },
  'a text of escapes': { instruction: 'Write code.', output: fill('if "a":\n\t\\b\n') },
  'many turns': { messages: Array.from({ length: characters / 200 }, (_, index) => (index % 2 === 0 ? turn : answer)) },
  'many fields without a role': Object.fromEntries(Array.from({ length: 700 }, (_, index) => [`field_${index}`, 'some text'])),
  'many quotes outside of fields': { tags: Array.from({ length: 2000 }, (_, index) => `t${index}`), instruction: 'a', output: 'b' },
  'a name that almost is one of a score': { [fill('a_b.c-d_')]: 1, output: 'b' },
};

try {
  await build({ absWorkingDir: root, entryPoints: ['test/syntaxes/support/tokenize.ts'], outfile: bundle, bundle: true, platform: 'node', format: 'esm', packages: 'external', define: { 'import.meta.url': JSON.stringify(pathToFileURL(path.join(root, 'test/syntaxes/support/tokenize.ts')).href) } });
  const { loadGrammar, tokenizeLines } = await import(pathToFileURL(bundle).href);
  const plain = await loadGrammar({ injected: false });
  const injected = await loadGrammar({ injected: true });
  const result = { what: `milliseconds to tokenize a line of ${characters} characters, with the injection and without; the fastest of some rounds`, rounds, machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`, node: process.version, lines: {} };
  for (const [name, record] of Object.entries(lines)) {
    const line = JSON.stringify(record).slice(0, characters);
    const [without, withIt] = fastest([plain, injected], (grammar) => tokenizeLines(grammar, [line]));
    result.lines[name] = { without: Number(without.toFixed(2)), with: Number(withIt.toFixed(2)), ratio: Number((withIt / without).toFixed(2)) };
  }
  await mkdir(path.join(root, 'bench/results'), { recursive: true });
  await writeFile(path.join(root, 'bench/results/grammar.json'), `${JSON.stringify(result, undefined, 2)}\n`);
  console.log(result);
} finally {
  await rm(path.dirname(bundle), { recursive: true, force: true });
}

/** Milliseconds for each, in turns so that neither has the quieter machine. */
function fastest(subjects, run) {
  const best = subjects.map(() => Infinity);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, subject] of subjects.entries()) {
      const start = performance.now();
      run(subject);
      best[index] = Math.min(best[index], performance.now() - start);
    }
  }
  return best;
}
