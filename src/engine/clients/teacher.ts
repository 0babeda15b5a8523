import type { ProposalMode } from '../../core/proposals/proposal';
import type { Exchange } from '../../core/record/conversation';
import type { Provenance } from '../../core/teachers/teacher';

/** What a teacher is asked: a response to an exchange's prompt, or a better one than the present. */
export interface Question {
  readonly exchange: Exchange;
  /** 1-based line of the record, for messages. */
  readonly line: number;
  readonly mode: ProposalMode;
}

/** What came of it. Never thrown: one failed question does not concern the others. */
export type Answer =
  | { readonly ok: true; readonly response: string; readonly provenance: Provenance }
  /** One sentence; `provenance` when the teacher was reached and may have charged for it. */
  | { readonly ok: false; readonly reason: string; readonly provenance?: Provenance };

/** A configured teacher for the length of one run. */
export interface Teacher {
  /** Everything besides the question that decides the answer: equal fingerprints mean that an earlier answer still holds. */
  readonly fingerprint: readonly (string | number | null)[];
  /** Rejects only with the signal's reason. `onText` gets the whole text so far. */
  answer(question: Question, signal: AbortSignal, onText?: (text: string) => void): Promise<Answer>;
}
