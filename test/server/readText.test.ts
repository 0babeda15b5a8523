import { expect, it } from 'vitest';
import { maxLineLength } from '../../src/core/record/parseRecord';
import { readText } from '../../src/server/readText';

it.each([
  [5_000_000, 'The command line reads this one too.'],
  [maxLineLength + 1, 'Split the record, or remove it.'],
])('a line of %i characters is not read, and the message names what helps', (length, remedy) => {
  const parsed = readText('x'.repeat(length));
  expect(parsed).toMatchObject({ status: 'invalid', rule: 'too-long' });
  expect(parsed.status === 'invalid' && parsed.message).toMatch(remedy);
});
