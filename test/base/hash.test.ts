import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hash128 } from '../../src/base/hash';

describe('hash128', () => {
  it('is the first half of SHA-256 over UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(hash128(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 32));
      }),
    );
  });
});
