import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CheckpointError } from '../../../../src/engine/inference/checkpoints/checkpointError';
import { loadCheckpointTokenizer } from '../../../../src/engine/inference/checkpoints/checkpointTokenizer';
import { loadTokenizer } from '../../../../src/engine/inference/tokenizer';
import { sharedData } from '../../../support/sharedData';

const fixtures = fileURLToPath(new URL('../../../fixtures/tokenizers/', import.meta.url));
const load = (name: string) => loadCheckpointTokenizer(path.join(fixtures, name));

/** Written by make_tokenizers.py from Python's `tokenizers`. */
const reference = z.object({ texts: z.array(z.string()), ids: z.record(z.string(), z.array(z.array(z.int()))) });

describe('loadCheckpointTokenizer', () => {
  it.each([
    ['gpt2', 'gpt2'],
    ['gpt2-files', 'gpt2'],
    ['qwen2', 'qwen2'],
    ['llama3', 'llama3'],
    ['llama2', 'llama2'],
  ])('%s gives the ids of the reference for every text', async (folder, name) => {
    const { texts, ids } = reference.parse(JSON.parse(await readFile(path.join(fixtures, 'ids.json'), 'utf8')));
    const tokenizer = await load(folder);
    expect(texts.length).toBeGreaterThanOrEqual(300);
    const different = texts.filter((text, i) => tokenizer.encode(text).join() !== ids[name]?.[i]?.join());
    expect(different).toEqual([]);
  });

  it.each([
    ['gpt2', 640, undefined],
    ['gpt2-files', 640, undefined],
    ['qwen2', 602, undefined],
    ['llama3', 600, 0],
    ['llama2', 760, 1],
  ])('%s knows %i tokens and begins a text with %s', async (folder, size, bos) => {
    const tokenizer = await load(folder);
    expect(tokenizer.vocabularySize).toBe(size);
    expect(tokenizer.bos).toBe(bos);
  });
});

describe("GPT-2's own vocabulary", () => {
  const [vocabulary, merges] = [sharedData('gpt2-bpe/encoder.json'), sharedData('gpt2-bpe/vocab.bpe')];

  it.skipIf(vocabulary === undefined || merges === undefined)('gives the ids of r50k_base for any text', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'cupel-gpt2-'));
    await cp(vocabulary ?? '', path.join(folder, 'vocab.json'));
    await cp(merges ?? '', path.join(folder, 'merges.txt'));
    const [tokenizer, known] = [await loadCheckpointTokenizer(folder), await loadTokenizer('r50k_base')];
    const words = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }), fc.constantFrom(' the', 'ing', "'s", ' 2026', '\n\n', '    ', 'Überraschung', 'aaaaaaaa', '<|endoftext|>', '字典'));
    fc.assert(
      // JavaScript's white space differs from the reference's in these two, and r50k_base here is split by JavaScript's.
      fc.property(fc.array(words, { maxLength: 30 }).map((parts) => parts.join('').replaceAll(/[\u0085\ufeff]/gu, '')), (text) => {
        expect(tokenizer.encode(text)).toEqual(known.encode(text));
      }),
      { numRuns: 300 },
    );
    await rm(folder, { recursive: true });
  });
});

describe('encodeWithOffsets', () => {
  it.each([
    ['gpt2', 'Name it.', ['N', 'am', 'e', ' it', '.']],
    ['gpt2', ' a\n\nb', [' a', '\n', '\n', 'b']],
    ['qwen2', 'cafe\u0301!', ['c', 'a', 'f', 'e\u0301', '!']],
    ['llama2', 'a ▁b', ['a', ' ', '▁b']],
  ])('%s cuts %j as written in the text', async (name, text, pieces) => {
    const { offsets } = (await load(name)).encodeWithOffsets(text);
    expect(offsets.map(([start, end]) => text.slice(start, end))).toEqual(pieces);
  });

  it('gives the tokens of one character its whole range', async () => {
    const tokenizer = await load('llama3');
    const { ids, offsets } = tokenizer.encodeWithOffsets('a𠀀b');
    expect(ids.length).toBeGreaterThan(3);
    expect(new Set(offsets.map(String))).toEqual(new Set(['0,1', '1,3', '3,4']));
  });

  it.each(['gpt2', 'qwen2', 'llama3', 'llama2'])('%s: ranges are in order, cover the text, and have the ids of encode', async (name) => {
    const tokenizer = await load(name);
    const character = fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }), fc.constantFrom(' ', '\n', 'the', '<think>', '<|im_end|>', 'e\u0301', '\ud800', '▁', '\u1112\u1161\u11ab', '\u0344'));
    fc.assert(
      fc.property(fc.array(character, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const { ids, offsets } = tokenizer.encodeWithOffsets(text);
        expect(ids).toEqual(tokenizer.encode(text));
        expect(offsets).toHaveLength(ids.length);
        let covered = 0;
        for (const [start, end] of offsets) {
          expect(start).toBeLessThanOrEqual(covered);
          covered = Math.max(covered, end);
        }
        expect(covered).toBe(text.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('long texts', () => {
  it.each([
    ['letters', 'a'.repeat(60_000)],
    ['spaces', ' '.repeat(60_000)],
    ['characters of three bytes', '字'.repeat(20_000)],
  ])('60 KB of %s take no longer a byte than twice as many of them', { timeout: 120_000 }, async (_, text) => {
    for (const name of ['gpt2', 'llama2']) {
      const tokenizer = await load(name);
      const half = timed(() => tokenizer.encode(text.slice(0, text.length / 2)));
      const whole = timed(() => tokenizer.encode(text));
      // Quadratic would be 4; a machine under load is given room.
      expect(whole / half).toBeLessThan(8);
    }
  });
});

describe('damaged tokenizer files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'cupel-tokenizer-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const json = (change: (definition: z.infer<typeof definitionSchema>) => void) => async (place: string) => {
    const definition = definitionSchema.parse(JSON.parse(await readFile(path.join(fixtures, 'gpt2/tokenizer.json'), 'utf8')));
    change(definition);
    await writeFile(path.join(place, 'tokenizer.json'), JSON.stringify(definition));
  };
  const text = (file: string, contents: string) => (place: string) => writeFile(path.join(place, file), contents);
  const gpt2Files = (file: string, contents: string) => async (place: string) => {
    await cp(path.join(fixtures, 'gpt2-files'), place, { recursive: true });
    await writeFile(path.join(place, file), contents);
  };

  it.each([
    ['nothing', () => Promise.resolve(), 'holds neither tokenizer.json nor both vocab.json and merges.txt'],
    ['no JSON', text('tokenizer.json', '{"model":'), 'tokenizer.json is not in the JSON it should hold'],
    ['another form', text('tokenizer.json', '[1, 2]'), 'tokenizer.json is not in the form of its kind'],
    ['no model', text('tokenizer.json', '{}'), 'tokenizer.json is not in the form of its kind at model'],
    ['an empty vocabulary', json((d) => (d.model.vocab = {})), 'tokenizer.json has an empty vocabulary'],
    ['no vocabulary', json((d) => (d.model.vocab = null)), 'tokenizer.json has no vocabulary'],
    ['a negative id', json((d) => (d.model.vocab = { a: -1 })), 'gives the token "a" an id that is none'],
    ['a huge id', json((d) => (d.model.vocab = { a: 1e15 })), 'gives the token "a" an id that is none'],
    ['an id that is text', json((d) => (d.model.vocab = { a: '0' })), 'gives the token "a" an id that is none'],
    ['no pieces of words but a prefix', json((d) => (d.model.continuing_subword_prefix = '##')), 'is of the kind BPE with marked word pieces'],
    ['a merge of strangers', json((d) => d.model.merges.push(['zz', 'qq'])), 'merges "zz" and "qq"'],
    ['an unknown model', json((d) => (d.model.type = 'Neural')), 'is of the kind Neural, Cupel reads plain BPE'],
    ['an unknown pre-tokenizer', json((d) => (d.pre_tokenizer = { type: 'CharDelimiterSplit', delimiter: '|' })), 'uses the pre-tokenizer CharDelimiterSplit'],
    ['a split that merges', json((d) => (d.pre_tokenizer = { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithNext', invert: false })), 'uses the pre-tokenizer Split (MergedWithNext)'],
    ['a split of bytes', json((d) => (d.pre_tokenizer = { type: 'Sequence', pretokenizers: [{ type: 'ByteLevel', add_prefix_space: false }, { type: 'Digits' }] })), 'uses the pre-tokenizer Digits after ByteLevel'],
    ['an expression that is none', json((d) => (d.pre_tokenizer = { type: 'Split', pattern: { Regex: '(' }, behavior: 'Isolated', invert: false })), 'cannot be used'],
    ['merges of one word', gpt2Files('merges.txt', '#version: 0.2\nonlyone\n'), 'merges.txt line 2 is not two tokens'],
    ['another family without its rules', gpt2Files('config.json', '{"model_type":"qwen2"}'), 'holds the vocabulary of a qwen2 without its rules'],
    ['another class without its rules', gpt2Files('tokenizer_config.json', '{"tokenizer_class":"Qwen2Tokenizer"}'), 'holds the vocabulary of a Qwen2Tokenizer without its rules'],
  ])('%s is one clear error', async (name, damage, message) => {
    const place = path.join(folder, name.replaceAll(' ', '-'));
    await mkdir(place);
    await damage(place);
    const error: unknown = await loadCheckpointTokenizer(place).then(() => undefined, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(CheckpointError);
    expect(String(error)).toContain(message);
  });
});

const definitionSchema = z.looseObject({
  pre_tokenizer: z.unknown(),
  model: z.looseObject({ type: z.string(), vocab: z.unknown(), merges: z.array(z.tuple([z.string(), z.string()])) }),
});

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
