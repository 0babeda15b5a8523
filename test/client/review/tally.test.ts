import { describe, expect, it } from 'vitest';
import { ReviewTally } from '../../../src/client/review/tally';
import type { Proposal } from '../../../src/core/proposals/proposal';
import { proposal } from './proposal';

function rewarded(id: string, before: number, after: number): Proposal {
  const measured = (value: number) => ({ key: id, reward: { scorer: 'embedded@2', value } });
  return proposal(id, 1, { before: measured(before), after: measured(after) });
}

describe('the end of a review', () => {
  it('says what was accepted, rejected and failed, and how the reward moved', () => {
    const tally = new ReviewTally();
    tally.asked([proposal('f', 4, { status: 'failed', reason: 'the teacher has no such instruction' })]);
    tally.decided(rewarded('a', 0.2, 0.5), 'accepted');
    tally.decided(rewarded('b', 0.4, 0.5), 'accepted');
    tally.decided(rewarded('c', 0.9, 0.1), 'rejected');
    expect(tally.summary()).toBe('Review finished: 2 accepted, 1 rejected, 1 failed (the teacher has no such instruction). Median change of reward where accepted: +.20.');
  });

  it('does not count what Undo took back', () => {
    const tally = new ReviewTally();
    tally.decided(rewarded('a', 0.2, 0.5), 'accepted');
    tally.decided(rewarded('a', 0.2, 0.5), 'pending');
    expect(tally.summary()).toBe('Review finished: 0 accepted, 0 rejected.');
  });

  it('says what an endpoint used', () => {
    const tally = new ReviewTally();
    const provenance = { teacher: 'gpt', model: 'gpt', parameters: {}, promptTemplate: 'regenerate@1', time: '2026-01-01T00:00:00Z', usage: { promptTokens: 900, completionTokens: 340 } };
    tally.asked([proposal('a', 1, { provenance })]);
    tally.decided(rewarded('a', 0.5, 0.25), 'accepted');
    expect(tally.summary()).toBe('Review finished: 1 accepted, 0 rejected. Median change of reward where accepted: -.25. 1 request, 1.2k tokens.');
  });
});
