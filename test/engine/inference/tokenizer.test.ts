import { encode as encodeR50k } from 'gpt-tokenizer/encoding/r50k_base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadTokenizer, tokenizerNames } from '../../../src/engine/inference/tokenizer';

describe('loadTokenizer', () => {
  it.each([
    ['o200k_base', 'Hello, world!', 4],
    ['cl100k_base', 'Hello, world!', 4],
    ['p50k_base', 'Hello, world!', 4],
    ['r50k_base', 'Hello, world!', 4],
    ['r50k_base', '', 0],
    ['r50k_base', 'Yes', 1],
    ['r50k_base', '   ', 3],
    ['p50k_base', '   ', 1],
    ['r50k_base', 'Denmark', 2],
  ])('%s counts %j as %i tokens', async (name, text, tokens) => {
    const tokenizer = await loadTokenizer(name);
    expect(tokenizer.count(text)).toBe(tokens);
    expect(tokenizer.encode(text)).toHaveLength(tokens);
  });

  it('gives GPT-2 its own ids', async () => {
    const tokenizer = await loadTokenizer('r50k_base');
    expect(tokenizer.encode('Hello world\n')).toEqual([15496, 995, 198]);
  });

  it('rejects a name it does not know and lists those it does', async () => {
    await expect(loadTokenizer('llama3')).rejects.toThrow('Unknown tokenizer "llama3". Known: o200k_base, cl100k_base, p50k_base, r50k_base.');
  });

  it.each(tokenizerNames)('%s reads special tokens as the characters they are', async (name) => {
    const tokenizer = await loadTokenizer(name);
    expect(tokenizer.count('<|endoftext|>')).toBeGreaterThan(4);
    expect(tokenizer.count('<|im_start|>user<|fim_prefix|>')).toBeGreaterThan(6);
  });

  it.each(tokenizerNames)('%s takes lone surrogates', async (name) => {
    const tokenizer = await loadTokenizer(name);
    expect(tokenizer.count('\ud800')).toBeGreaterThan(0);
  });
});

describe('long runs without a break', () => {
  it('merge to the same tokens as the quadratic loop of the package', async () => {
    const tokenizer = await loadTokenizer('r50k_base');
    const run = fc.string({ unit: fc.constantFrom('a', 'b', 'the', 'ing', '字', 'é', '😀'), minLength: 300, maxLength: 500 });
    fc.assert(
      fc.property(run, (text) => {
        expect(tokenizer.encode(`Before ${text} after.`)).toEqual(encodeR50k(`Before ${text} after.`));
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['a', 250_000],
    [' ', 1_000_000],
    ['=', 15_625],
  ])('a megabyte of %j is counted', { timeout: 30_000 }, async (character, tokens) => {
    const tokenizer = await loadTokenizer('r50k_base');
    expect(tokenizer.count(character.repeat(1_000_000))).toBe(tokens);
  });
});
