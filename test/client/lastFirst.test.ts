import { expect, it } from 'vitest';
import { lastFirst } from '../../src/client/lastFirst';

const choices = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];

it.each([
  ['b', 'b a c'],
  ['a', 'a b c'],
  ['gone', 'a b c'],
  [undefined, 'a b c'],
])('the choice %s comes first the next time', (last, order) => {
  expect(lastFirst(choices, last).map(({ id }) => id).join(' ')).toBe(order);
});
