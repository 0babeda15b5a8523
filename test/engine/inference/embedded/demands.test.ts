import { describe, expect, it } from 'vitest';
import { unmetDemands } from '../../../../src/engine/inference/embedded/demands';
import { textShape } from '../../../../src/engine/inference/embedded/textShape';

const unmet = (prompt: string, response: string) => unmetDemands(prompt, response, textShape(response));
const items = (n: number): string => Array.from({ length: n }, (_, i) => `${String(i + 1)}. an item`).join('\n');

describe('unmet demands', () => {
  it.each([
    ['the asked-for number of items', 'List five ways to save water.', items(5), 0],
    ['too few items', 'List five ways to save water.', items(3), 0.4],
    ['far too many items', 'Give me 3 tips for sleeping well.', items(9), 1],
    ['a number with words between', 'Can you list the top 20 English films of the thirties?', items(10), 0.5],
    ['running text, whose items nobody can count', 'Name three rivers.', 'The Nile, the Rhine.', 0],
    ['a number of something else than items', 'Write two paragraphs on tea.', items(4), 0],
    ['no number', 'List ways to save water.', items(3), 0],
  ])('counts %s', (_, prompt, response, expected) => {
    expect(unmet(prompt, response).count).toBeCloseTo(expected);
  });

  it.each([
    ['Write a poem about the sea.', 'The sea is wide.', 1],
    ['Write a short, sad love song.', 'One\ntwo\nthree', 0],
    ['Explain what a poem is.', 'A text in verse.', 0],
  ])('%s → %s: verse', (prompt, response, expected) => {
    expect(unmet(prompt, response).verse).toBe(expected);
  });

  it.each([
    ['Summarise this in at most 10 words.', 10, 0],
    ['Summarise this in at most 10 words.', 11, 0],
    ['Summarise this in at most 10 words.', 20, 1],
    ['Describe it in 50 words or less.', 80, 0.5 / 0.9],
    ['Describe it.', 500, 0],
    ['Describe it in 0 words.', 5, 0],
  ])('%s and %i words: limit', (prompt, words, expected) => {
    expect(unmet(prompt, 'word '.repeat(words)).limit).toBeCloseTo(expected);
  });
});
