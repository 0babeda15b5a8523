import type { NllSum } from './catalogue';

/** Mean cross-entropy in nats per scored token. */
export function meanLoss(nll: NllSum): number {
  return nll.sum / nll.tokens;
}

/**
 * IFD as a ratio of perplexities, `exp(L(A|Q) − L(A))` (Superfiltering, arXiv 2402.00530).
 * `cond` is L(A|Q), `direct` L(A), both in nats per token.
 */
export function ifdPpl(cond: number, direct: number): number {
  return Math.exp(cond - direct);
}

/** IFD as a ratio of losses, `L(A|Q) / L(A)` (Cherry LLM, arXiv 2308.12032). Not finite when `direct` is 0. */
export function ifdLoss(cond: number, direct: number): number {
  return cond / direct;
}
