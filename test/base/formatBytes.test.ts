import { expect, it } from 'vitest';
import { formatBytes } from '../../src/base/formatBytes';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1 kB'],
  [2_140, '2.1 kB'],
  [9_960, '10 kB'],
  [999_499, '999 kB'],
  [999_500, '1 MB'],
  [548_105_171, '548 MB'],
  [1_100_000_000, '1.1 GB'],
  [7e15, '7000 TB'],
])('%d bytes are written as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
