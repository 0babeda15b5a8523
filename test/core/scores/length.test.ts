import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countChars, measureLength } from '../../../src/core/scores/length';

describe('measureLength', () => {
  it('gives three lengths and the vocabulary of one of them', () => {
    const halves = { name: 'halves', count: (text: string) => Math.ceil(text.length / 2) };
    expect(measureLength("Don't panic 😀", halves)).toEqual({ words: 4, tokens: 7, chars: 13, tokenizer: 'halves' });
  });
});

describe('countChars', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 2],
    ['😀', 1],
    ['👩‍🚀', 3],
    ['\ud83d', 1],
    ['\ude00\ud83d', 2],
    ['\ud83d\ud83d\ude00', 2],
  ])('%j has %i code points', (text, chars) => {
    expect(countChars(text)).toBe(chars);
  });

  it('counts as iteration over a string does, lone surrogates included', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
        const text = String.fromCharCode(...units);
        expect(countChars(text)).toBe(Array.from(text).length);
      }),
    );
  });
});
