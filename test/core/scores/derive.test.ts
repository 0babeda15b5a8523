import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveScores } from '../../../src/core/scores/derive';

const key = '0'.repeat(32);
const options = { beta: 3, offset: 0 };

describe('deriveScores', () => {
  it('computes every score from what was measured', () => {
    const { values, undefined: reasons, scorers } = deriveScores(
      {
        key,
        length: { words: 51, tokens: 64, chars: 301, tokenizer: 'o200k_base' },
        loss: { scorer: 'gpt2', cond: { sum: 12, tokens: 10 }, direct: { sum: 13.5, tokens: 9 }, prompt: { sum: 24, tokens: 10 } },
        reward: { scorer: 'judge', value: 4 },
      },
      options,
    );
    expect(values).toEqual({
      'length.words': 51,
      'length.tokens': 64,
      'length.chars': 301,
      'loss.cond': 1.2,
      'loss.direct': 1.5,
      'loss.prompt': 2.4,
      'ifd.ppl': expect.closeTo(0.7408182207, 9) as number,
      'ifd.loss': expect.closeTo(0.8, 12) as number,
      icIfd: expect.closeTo(1 / 3, 12) as number,
      reward: 4,
      car: expect.closeTo(4 / 4.6, 12) as number,
    });
    expect(reasons).toEqual({});
    expect(scorers).toEqual({ loss: 'gpt2', reward: 'judge' });
  });

  it('says why a one-token response has no IFD, and keeps what it has', () => {
    const { values, undefined: reasons } = deriveScores(
      { key, loss: { scorer: 'gpt2', cond: { sum: 3, tokens: 1 }, prompt: { sum: 24, tokens: 10 }, reason: 'response has 1 token' }, reward: { scorer: 'judge', value: 4 } },
      options,
    );
    expect(values).toEqual({ 'loss.cond': 3, 'loss.prompt': 2.4, reward: 4, car: 0.4 });
    expect(reasons).toEqual({ 'loss.direct': 'response has 1 token', 'ifd.ppl': 'response has 1 token', 'ifd.loss': 'response has 1 token', icIfd: 'response has 1 token' });
  });

  it('leaves out what nobody measured, without a reason', () => {
    expect(deriveScores({ key }, options)).toEqual({ values: {}, undefined: {}, scorers: {} });
    expect(deriveScores({ key, reward: { scorer: 'judge', value: 1 } }, options)).toEqual({ values: { reward: 1 }, undefined: {}, scorers: { reward: 'judge' } });
  });

  it.each([
    ['no offset is allowed', undefined, -1, 'some rewards are negative and the offset is none'],
    ['the offset is too small for this reward', 0.5, -1, 'the reward stays negative after the offset 0.5'],
    ['the judge gave no number', 0, undefined, 'no rating in the reply'],
  ])('says why CAR is undefined when %s', (_, offset, value, reason) => {
    const reward = value === undefined ? { scorer: 'judge', reason: 'no rating in the reply' } : { scorer: 'judge', value };
    const scores = deriveScores({ key, loss: { scorer: 'gpt2', cond: { sum: 1, tokens: 1 } }, reward }, { beta: 3, offset });
    expect(scores.values.car).toBeUndefined();
    expect(scores.undefined.car).toBe(reason);
  });

  it('shifts the reward before CAR, never the reward that is shown', () => {
    const { values } = deriveScores({ key, loss: { scorer: 'gpt2', cond: { sum: 2, tokens: 2 } }, reward: { scorer: 'judge', value: -1 } }, { beta: 3, offset: 5 });
    expect(values).toMatchObject({ reward: -1, car: 1 });
  });

  it('gives finite numbers or reasons whatever a scorer reports', () => {
    const sum = fc.record({ sum: fc.oneof(fc.double(), fc.constant(0)), tokens: fc.integer({ min: 0, max: 5 }) });
    const measurement = fc.record(
      {
        key: fc.constant(key),
        loss: fc.record({ scorer: fc.constant('x'), cond: sum, direct: sum, prompt: sum }, { requiredKeys: ['scorer'] }),
        reward: fc.record({ scorer: fc.constant('x'), value: fc.double() }, { requiredKeys: ['scorer'] }),
      },
      { requiredKeys: ['key'] },
    );
    fc.assert(
      fc.property(measurement, fc.option(fc.double(), { nil: undefined }), (measured, offset) => {
        const { values, undefined: reasons } = deriveScores(measured, { beta: 3, offset });
        for (const value of Object.values(values)) expect(Number.isFinite(value)).toBe(true);
        for (const reason of Object.values(reasons)) expect(reason).not.toBe('');
        expect(Object.keys(values).filter((id) => id in reasons)).toEqual([]);
        if (measured.loss) expect('ifd.ppl' in values || 'ifd.ppl' in reasons).toBe(true);
      }),
    );
  });
});
