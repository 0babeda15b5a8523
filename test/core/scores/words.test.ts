import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countWords } from '../../../src/core/scores/words';
import { sharedData } from '../../support/sharedData';

/** Counts by NLTK 3.10.3, printed by test/support/nltk_counts.py. */
const counted: readonly (readonly [text: string, words: number, rule: string])[] = [
  ['', 0, 'nothing'],
  [' \n\t ', 0, 'white space alone'],
  ['Hello world', 2, 'white space separates'],
  ['Bread and butter.', 4, 'the last period'],
  ['Wash it. Dry it.', 6, 'a period at each sentence end'],
  ['Wash it.Dry it.', 4, 'a period inside a word stays'],
  ['Ask Dr. Smith', 4, 'an abbreviation ends a sentence, as nobody trained Punkt'],
  ['J. Smith came.', 4, 'an initial before a capital goes on'],
  ['See p. four', 3, 'an initial before a small letter goes on'],
  ['Chapter 3. the end', 4, 'a number before a small letter goes on'],
  ['Chapter 3. The end', 5, 'a number before a capital ends a sentence'],
  ['1. Wash it\n2. Dry it', 8, 'list numbers'],
  ['Wait... what', 3, 'an ellipsis is a word and ends nothing'],
  ['Well.. yes', 3, 'two dots'],
  ['It costs 1,000 or 3.50', 5, 'comma and period inside numbers'],
  ['Salt, pepper, oil', 5, 'commas'],
  ['At 10:30: go', 4, 'a colon before a digit stays'],
  ['a,,b', 3, 'of two commas in a row the second stays with what follows'],
  ['Really?! Yes!', 5, 'question and exclamation marks'],
  ['(see below)', 4, 'brackets'],
  ['[a] {b} <c>', 9, 'more brackets'],
  ['He left (at last.) Then slept.', 10, 'a period before a closing bracket ends a sentence'],
  ['"Go," she said.', 7, 'double quotes'],
  ['She said "go."', 6, 'a period before a closing quote'],
  ['She said. "', 3, 'a quote after a blank opens a quotation and keeps the period'],
  ['‘Go’ and “stay”', 7, 'curly quotes'],
  ["It's Ann's, isn't it?", 9, "'s and n't"],
  ["I'm sure we'll say they're what you've had; he'd know", 16, 'all clitics'],
  ["DON'T SAY IT'S MINE", 6, 'clitics in capitals'],
  ["Don'T", 1, "n't in mixed case stays"],
  ["I'd've gone", 3, 'of two clitics only the last'],
  ['don’t', 3, 'a curly apostrophe is a word'],
  ["the dogs' bowl", 4, 'an apostrophe before a space'],
  ["'tis 'quoted' 'em", 7, 'opening single quotes'],
  ["rock 'n' roll", 4, 'a lone n in quotes'],
  ["''yes''", 3, 'pairs of single quotes'],
  ['``code`` and ```js', 7, 'pairs of backticks'],
  ['You cannot, gonna wanna gimme gotta lemme', 14, 'joined words count as two'],
  ['wanna, go', 4, 'wanna only before white space'],
  ['cannots uncannot', 2, 'only whole words'],
  ["more'n d'ye", 4, "more'n and d'ye"],
  ['well-known state-of-the-art', 2, 'hyphens stay'],
  ['yes -- no --- maybe', 6, 'dashes in pairs'],
  ['1914–1918 — war', 5, 'en and em dashes'],
  ['a@b.com costs $5 & 10% #1; *bold*', 15, 'marks that stand alone'],
  ['https://example.com/a?b=c', 5, 'an address'],
  ['C:\\temp\\file.txt', 3, 'a Windows path'],
  ['x = y + z / 2', 7, 'operators'],
  ['snake_case a/b a|b ~c ^d', 5, 'marks that stay'],
  ['• one\n• two', 4, 'bullets'],
  ['a\u00a0b c\u2003d', 4, "all of Unicode's spaces"],
  ['a\ufeffb', 1, 'a byte-order mark is no space'],
  ['Où est-il? Là.', 5, 'accents'],
  ['世界和平。你好', 1, 'no spaces, no words'],
  ['😀 ok 👍🏽', 3, 'emoji'],
  ["print('hello')", 6, 'code'],
  ['The end.\n\n', 3, 'white space at the end'],
  ["He said 'no.' Then left.", 9, 'a period before a closing single quote'],
  ['Wow!! Great', 4, 'two marks'],
  ['Stop !! Go', 4, 'two marks after a space'],
  ['e.g. this', 3, 'periods inside an abbreviation'],
  ['the U.S. is', 4, 'capitals with periods'],
  ['etc.)', 3, 'closing bracket at the end'],
  ['a.b.', 2, 'period at the end only'],
  ['.', 1, 'one period'],
  ['. .', 2, 'two periods apart'],
];

describe('countWords', () => {
  it.each(counted)('%j has %i words: %s', (text, words) => {
    expect(countWords(text)).toBe(words);
  });

  it('never counts more words than characters, nor fewer than white space separates', () => {
    const fragment = fc.constantFrom('a', 'Word', "n't", "'s", "'", '"', '.', '. ', '...', ',', ':', '-', '(', ')', '!', '?', ' ', '\n', '3', 'é', '世', '“', '”', '`');
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 30 }), (fragments) => {
        const text = fragments.join('');
        const words = countWords(text);
        expect(words).toBeLessThanOrEqual(text.replace(/\s/gu, '').length);
        expect(words).toBeGreaterThanOrEqual(text.split(/\s+/u).filter((word) => word !== '').length);
      }),
    );
  });

  it('takes any text, well-formed or not', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(countWords(`${text}\n\nThe end.`)).toBeGreaterThanOrEqual(3);
      }),
    );
  });

  it.each([
    ['periods', '.', 1],
    ['quotes', "'", 50_000],
    ['brackets', ')', 100_000],
    ['sentences without white space', 'a.)', 66_668],
    ['numbers and initials', 'J. ', 33_334],
    ['one endless word', 'x', 1],
  ])('reads a hundred thousand characters of %s', (_, pattern, words) => {
    expect(countWords(pattern.repeat(100_000).slice(0, 100_000))).toBe(words);
  });
});

const alpaca = sharedData('alpaca_union.jsonl');

describe.skipIf(alpaca === undefined)('countWords on 23,995 real responses', () => {
  const lines = alpaca === undefined ? [] : readFileSync(alpaca, 'utf8').split('\n');
  const counts = lines
    .filter((line) => line !== '')
    .map((line) => countWords((JSON.parse(line) as { output: string }).output));

  it('agrees with NLTK on every one', () => {
    const sum = counts.reduce((total, count) => total + count, 0);
    const checksum = counts.reduce((total, count) => (total * 31 + count) % 1_000_000_007, 0);
    expect({ texts: counts.length, sum, checksum }).toEqual({ texts: 23995, sum: 1384950, checksum: 817312163 });
  });

  it('agrees with NLTK line by line where one can look', () => {
    expect(counts.filter((_, index) => index % 119 === 0).slice(0, 200)).toEqual(everyHundredNineteenth);
  });
});

// Every 119th line from the first on.
const everyHundredNineteenth = [
  1, 38, 85, 65, 12, 8, 22, 75, 88, 10, 25, 17, 68, 50, 28, 12, 6, 74, 23, 10, 106, 13, 79, 15, 54, 75, 3, 63, 82, 100, 52, 101, 88, 106, 1, 65, 12, 63, 68, 38, 56, 34, 
177, 18, 45, 4, 141, 8, 63, 17, 69, 54, 18, 47, 9, 70, 7, 53, 13, 6, 16, 34, 93, 10, 11, 78, 10, 91, 17, 18, 222, 33, 45, 175, 12, 11, 16, 23, 90, 98, 7, 18, 10, 184, 
38, 14, 19, 2, 11, 11, 111, 1, 121, 23, 82, 13, 45, 11, 70, 4, 127, 12, 11, 96, 69, 92, 85, 105, 24, 68, 67, 16, 9, 106, 219, 271, 85, 152, 244, 97, 112, 138, 121, 221, 
124, 98, 39, 78, 87, 140, 68, 127, 85, 153, 12, 79, 2, 10, 31, 37, 45, 33, 150, 20, 111, 27, 22, 41, 56, 45, 10, 108, 96, 25, 21, 4, 5, 14, 46, 148, 35, 73, 39, 88, 12, 
97, 56, 29, 5, 32, 55, 94, 16, 26, 6, 110, 319, 34, 93, 25, 34, 23, 92, 50, 5, 136, 43, 25, 28, 98, 12, 66, 23, 63, 83, 47, 32, 40, 80, 86]
;
