/**
 * Instruction-complexity-aware IFD, `L(A|Q) / (L(Q) · L(A))` (arXiv 2412.11231: its formula and code use cross-entropies in nats,
 * its prose says perplexity). Not finite when `direct` or `prompt` is 0.
 */
export function icIfd(cond: number, direct: number, prompt: number): number {
  return cond / (prompt * direct);
}
