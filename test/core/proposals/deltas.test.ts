import { describe, expect, it } from 'vitest';
import { describeDeltas, proposalTitle } from '../../../src/core/proposals/deltas';
import type { ScoreId, ScoreSet } from '../../../src/core/scores/catalogue';

function scores(values: Partial<Record<ScoreId, number>>, undefinedScores: Partial<Record<ScoreId, string>> = {}): ScoreSet {
  return { values, undefined: undefinedScores, scorers: {} };
}

const oneToken = { 'ifd.ppl': 'response has 1 token' };

describe('the scores that a proposal changes', () => {
  it.each([
    ['a gain', scores({ reward: 0.2, 'ifd.ppl': 0.41, car: 0.06 }), scores({ reward: 0.51, 'ifd.ppl': 0.63, car: 0.15 }), 'reward +.31 · IFD .41→.63 · CAR +.090 ▲'],
    ['a loss', scores({ reward: 0.5, 'ifd.ppl': 1.2, car: 0.2 }), scores({ reward: -0.25, 'ifd.ppl': 0.9, car: 0.1 }), 'reward -.75 · IFD 1.2→.90 · CAR -.10 ▼'],
    ['no change', scores({ reward: 0.5, 'ifd.ppl': 0.8, car: 0.2 }), scores({ reward: 0.5, 'ifd.ppl': 0.8, car: 0.2 }), 'reward ±0 · IFD .80→.80 · CAR ±0'],
    ['undefined before', scores({ reward: 0.2, car: 0.06 }, oneToken), scores({ reward: 0.3, 'ifd.ppl': 0.63, car: 0.07 }), 'reward +.10 · IFD ∅→.63 · CAR +.010 ▲'],
    ['undefined after', scores({ 'ifd.ppl': 0.63, car: 0.07 }), scores({}, { ...oneToken, car: 'no loss' }), 'IFD .63→∅ · CAR .070→∅'],
    ['undefined on both sides', scores({}, oneToken), scores({}, oneToken), 'IFD ∅'],
    ['nothing scored', scores({ 'length.words': 3 }), scores({ 'length.words': 9 }), ''],
  ])('%s', (_, before, after, text) => {
    expect(describeDeltas(before, after)).toBe(text);
  });

  it('shows the IFD definition that was chosen', () => {
    const before = scores({ 'ifd.ppl': 0.4, 'ifd.loss': 0.7 });
    const after = scores({ 'ifd.ppl': 0.5, 'ifd.loss': 0.75 });
    expect(describeDeltas(before, after, 'ifd.loss')).toBe('IFD .70→.75');
  });
});

describe('the title of a proposal', () => {
  const proposal = { line: 812, teacher: 'gemma-2-9b-it' };

  it('names record, teacher and changes', () => {
    expect(proposalTitle(proposal, 'reward +.31')).toBe('record 812 · gemma-2-9b-it · reward +.31');
  });

  it('ends with the teacher while nothing is scored', () => {
    expect(proposalTitle(proposal, '')).toBe('record 812 · gemma-2-9b-it');
  });
});
