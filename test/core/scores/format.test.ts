import { describe, expect, it } from 'vitest';
import { formatAmount, formatChange, formatCount, formatNumber } from '../../../src/core/scores/format';

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [0.814, '.81'],
    [0.8, '.80'],
    [0.04, '.040'],
    [-0.312, '-.31'],
    [0.0034, '.0034'],
    [0.00001, '<.001'],
    [-0.00001, '>-.001'],
    [0.00086, '<.001'],
    [0.001, '.0010'],
    [0.999, '1.0'],
    [1.34, '1.3'],
    [9.96, '10'],
    [12.34, '12'],
    [99.7, '100'],
    [3, '3'],
    [412, '412'],
    [-412, '-412'],
    [999.4, '999'],
    [1000, '1k'],
    [1234, '1.2k'],
    [12_345, '12k'],
    [999_600, '1M'],
    [2_500_000, '2.5M'],
    [-1500, '-1.5k'],
    [undefined, '∅'],
    [NaN, '∅'],
    [Infinity, '∅'],
  ])('%s reads %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe('formatChange', () => {
  it.each([
    [0.31, '+.31'],
    [-0.09, '-.090'],
    [0, '±0'],
    [-0.00001, '±0'],
    [1200, '+1.2k'],
    [undefined, '∅'],
  ])('%s reads %s', (value, text) => {
    expect(formatChange(value)).toBe(text);
  });
});

describe('formatCount', () => {
  it.each([
    [5, '5'],
    [805, '805'],
    [23995, '23,995'],
    [1234567, '1,234,567'],
    [-1234, '-1,234'],
  ])('%i reads %s', (value, text) => {
    expect(formatCount(value)).toBe(text);
  });
});

describe('formatAmount', () => {
  it.each([
    [0, '0 lines'],
    [1, '1 line'],
    [2140, '2,140 lines'],
  ])('%i reads %s', (value, text) => {
    expect(formatAmount(value, 'line')).toBe(text);
  });
});
