import type { Proposal } from '../../core/proposals/proposal';
import { summarize } from '../../core/scores/summary';
import { formatAmount, formatChange, formatCount } from '../../core/scores/format';
import { about, reasonsWithCounts } from '../figures';

/** What became of the proposals of one dataset since its review began. */
export class ReviewTally {
  readonly #accepted = new Map<string, Proposal>();
  readonly #rejected = new Map<string, Proposal>();
  readonly #asked = new Map<string, Proposal>();

  /** Proposals that were asked for just now, failures among them. */
  asked(proposals: readonly Proposal[]): void {
    for (const proposal of proposals) this.#asked.set(proposal.id, proposal);
  }

  decided(proposal: Proposal, status: 'pending' | 'accepted' | 'rejected'): void {
    this.#accepted.delete(proposal.id);
    this.#rejected.delete(proposal.id);
    if (status === 'accepted') this.#accepted.set(proposal.id, proposal);
    if (status === 'rejected') this.#rejected.set(proposal.id, proposal);
  }

  /** One line for the end: what was accepted, rejected and failed, the median change of the reward, and what it cost. */
  summary(): string {
    const failed = [...this.#asked.values()].filter(({ status }) => status === 'failed');
    const parts = [`${formatCount(this.#accepted.size)} accepted`, `${formatCount(this.#rejected.size)} rejected`];
    if (failed.length > 0) parts.push(`${formatCount(failed.length)} failed (${reasonsWithCounts(failed.map(({ reason }) => reason ?? 'no reason given'))})`);
    const sentences = [`Review finished: ${parts.join(', ')}.`];
    const gain = summarize([...this.#accepted.values()].flatMap(rewardChange))?.p50;
    if (gain !== undefined) sentences.push(`Median change of reward where accepted: ${formatChange(gain)}.`);
    const tokens = [...this.#asked.values()].reduce((sum, { provenance }) => sum + (provenance?.usage ? provenance.usage.promptTokens + provenance.usage.completionTokens : 0), 0);
    if (tokens > 0) sentences.push(`${formatAmount(this.#asked.size, 'request')}, ${about(tokens)} tokens.`);
    return sentences.join(' ');
  }
}

function rewardChange({ before, after }: Proposal): number[] {
  const now = before?.reward?.value;
  const then = after?.reward?.value;
  return now === undefined || then === undefined ? [] : [then - now];
}
