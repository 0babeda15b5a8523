import { describe, expect, it } from 'vitest';
import { following, neighbour, pendingQueue, placeOf, type QueuePlace } from '../../../src/client/review/queue';
import { proposal } from './proposal';

const queue = pendingQueue([proposal('c', 30), proposal('a', 10), proposal('x', 20, { status: 'rejected' }), proposal('b', 20), proposal('f', 5, { status: 'failed' })]);

/** `b 2 of 3`. */
function said(place: QueuePlace | undefined): string | undefined {
  return place && `${place.proposal.id} ${place.position} of ${place.total}`;
}

describe('the review queue', () => {
  it('holds what waits, in the order of the file', () => {
    expect(queue.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['b', 'b 2 of 3'],
    ['gone', 'a 1 of 3'],
    [undefined, 'a 1 of 3'],
  ])('begins at %s with %s', (id, place) => {
    expect(said(placeOf(queue, id))).toBe(place);
  });

  it.each([
    ['a', 1, 'b 2 of 3'],
    ['c', 1, 'a 1 of 3'],
    ['a', -1, 'c 3 of 3'],
    ['gone', 1, 'a 1 of 3'],
  ] as const)('goes from %s by %d to %s', (id, step, place) => {
    expect(said(neighbour(queue, id, step))).toBe(place);
  });

  it.each([
    ['a', 10, 'b 1 of 2'],
    ['b', 20, 'c 2 of 2'],
    ['c', 30, 'a 1 of 2'],
  ])('goes on after a decision on %s to the next in the file', (id, line, place) => {
    expect(said(following(queue, proposal(id, line)))).toBe(place);
  });

  it('ends when nothing waits', () => {
    expect([placeOf([], 'a'), neighbour([], 'a', 1), following([proposal('a', 10)], proposal('a', 10))]).toEqual([undefined, undefined, undefined]);
  });
});
