/** What makes the losses and rewards, and how it explains itself. */

export interface ScorerFact {
  /** `embedded@2`. */
  readonly id: string;
  readonly estimate: boolean;
  /** One sentence with the measured figure: `Spearman .76 with GPT-2's IFD (cross-validated)`. */
  readonly agreement?: string;
  /** What it is and how it was asked, one clause: `GPT2LMHeadModel, 124 M parameters, fp32, superfiltering, plain template, 1,024 tokens`. */
  readonly detail?: string;
}

export interface ScorerFacts {
  readonly loss: ScorerFact;
  readonly reward: ScorerFact;
}

export interface RewardExplanation {
  readonly value: number;
  /** What raised and lowered it, strongest first. */
  readonly reasons: readonly RewardReason[];
}

export interface RewardReason {
  /** Short and about the text: `very short for a "write" instruction`. */
  readonly text: string;
  /** Its share in the reward; the sign says which way. */
  readonly effect: number;
}
