import { describe, expect, it } from 'vitest';
import { readAmount, readNumber, readWhole } from '../../src/client/numberInput';

const refused = 'refused';

describe('numbers as people type them', () => {
  it.each([
    ['1000', { count: 1000 }],
    ['1,000', { count: 1000 }],
    ['10 %', { rate: 0.1 }],
    ['2.5%', { rate: 0.025 }],
    ['100%', { rate: 1 }],
    ['0 %', refused],
    ['101 %', refused],
    ['0', refused],
    ['ten', refused],
    ['', refused],
  ])('an amount: %j', (text, expected) => {
    const amount = readAmount(text);
    expect(amount.ok ? amount.value : refused).toEqual(expected);
  });

  it.each([
    ['1 000', 1000],
    ['0', refused],
    ['1.5', refused],
    ['-3', refused],
    ['99999999999999999999', refused],
  ])('a whole number: %j', (text, expected) => {
    const whole = readWhole(text);
    expect(whole.ok ? whole.value : refused).toBe(expected);
  });

  it.each([
    [' -0.5 ', -0.5],
    ['1e3', 1000],
    ['', refused],
    ['Infinity', refused],
    ['1 or 2', refused],
  ])('a number: %j', (text, expected) => {
    const number = readNumber(text);
    expect(number.ok ? number.value : refused).toBe(expected);
  });
});
