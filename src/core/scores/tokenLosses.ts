/** Where the loss of one response comes from, token by token. */

/** A token of the response and its surprise. */
export interface TokenLoss {
  /** UTF-16 range in the response text. */
  readonly start: number;
  readonly end: number;
  /** Nats given the prompt. */
  readonly cond?: number;
  /** Nats without it; absent for the first token, and where the response alone is cut into other tokens. */
  readonly direct?: number;
}

export interface TokenLosses {
  /** As in `LossMeasurement`. */
  readonly scorer: string;
  /** In text order; a response that was cut has fewer than it could. */
  readonly tokens: readonly TokenLoss[];
  /** Why something is absent: the response was cut, has too few tokens, … */
  readonly reason?: string;
}
