import type { Proposal } from '../../core/proposals/proposal';

/** A place in the queue of what still waits for a decision. */
export interface QueuePlace {
  readonly proposal: Proposal;
  /** 1-based. */
  readonly position: number;
  readonly total: number;
}

/** What waits, in the order of the file; several proposals for one record stay in the order they came. */
export function pendingQueue(proposals: readonly Proposal[]): Proposal[] {
  return proposals.filter(({ status }) => status === 'pending').sort((a, b) => a.line - b.line);
}

/** Where a proposal stands, or the first place when it is not there. Undefined for an empty queue. */
export function placeOf(queue: readonly Proposal[], id: string | undefined): QueuePlace | undefined {
  const index = Math.max(0, queue.findIndex((proposal) => proposal.id === id));
  const proposal = queue[index];
  return proposal && { proposal, position: index + 1, total: queue.length };
}

/** The neighbour of a proposal, around the ends. */
export function neighbour(queue: readonly Proposal[], id: string, step: 1 | -1): QueuePlace | undefined {
  const index = queue.findIndex((proposal) => proposal.id === id);
  if (index === -1) return placeOf(queue, undefined);
  return placeOf(queue, queue[(index + step + queue.length) % queue.length]?.id);
}

/** The one to show once `decided` has left the queue: the next in the file, from the start again after the last. */
export function following(queue: readonly Proposal[], decided: Proposal): QueuePlace | undefined {
  const waiting = queue.filter(({ id }) => id !== decided.id);
  const next = waiting.find(({ line }) => line >= decided.line) ?? waiting[0];
  return placeOf(waiting, next?.id);
}
