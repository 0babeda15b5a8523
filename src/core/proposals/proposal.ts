import type { JsonPath } from '../record/conversation';
import type { Measurement } from '../scores/catalogue';
import type { Provenance } from '../teachers/teacher';

export type ProposalStatus = 'pending' | 'accepted' | 'rejected' | 'failed';
/** What a person may decide; `pending` takes a decision back. */
export type ProposalDecision = Exclude<ProposalStatus, 'failed'>;
export type ProposalMode = 'regenerate' | 'refine';

/** A response that a teacher offers for one exchange of one record. Nothing changes until a person accepts it. */
export interface Proposal {
  readonly id: string;
  /** Absolute path of the dataset. */
  readonly file: string;
  /** 1-based line at the time of asking: where to look first; `recordKey` decides. */
  readonly line: number;
  readonly recordKey: string;
  /** Of the record's prompt: finds the instruction again whatever became of its response. */
  readonly promptKey: string;
  /** `Exchange.name`. */
  readonly exchange: string;
  /** Where the response's text goes in its line. */
  readonly path: JsonPath;
  readonly mode: ProposalMode;
  readonly teacher: string;
  readonly status: ProposalStatus;
  /** Present unless failed. */
  readonly response?: string;
  /** Why it failed, one sentence. */
  readonly reason?: string;
  readonly provenance?: Provenance;
  /** Scores of the present response and of the proposed one, under the scorers that the user has chosen. */
  readonly before?: Measurement;
  readonly after?: Measurement;
}
