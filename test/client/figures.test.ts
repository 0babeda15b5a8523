import { describe, expect, it } from 'vitest';
import { about, reasonsWithCounts, roughTokens } from '../../src/client/figures';

describe('figures', () => {
  it.each([
    [0, '0'],
    [950, '950'],
    [1000, '1k'],
    [1240, '1.2k'],
    [9960, '10k'],
    [61_234, '61k'],
    [999_499, '999k'],
    [999_500, '1M'],
    [1_240_000, '1.2M'],
  ])('%d is written %s where only its size matters', (value, text) => {
    expect(about(value)).toBe(text);
  });

  it('guess four characters a token, a started one counted whole', () => {
    expect(roughTokens(['', 'abcd', 'abcde'])).toBe(3);
  });

  it('name each reason once, most common first', () => {
    expect(reasonsWithCounts(['timed out', 'no such instruction', 'no such instruction'])).toBe('no such instruction (2), timed out');
  });
});
