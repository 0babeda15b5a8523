/**
 * Signs that a response is broken rather than weak. Each is a share or strength in 0..1, read from the text's first
 * `faultLimit` UTF-16 units.
 */
export interface TextFaults {
  /** U+FFFD, lone surrogates, control characters, UTF-8 read as Latin-1. */
  readonly mojibake: number;
  /** Text of a prompt or a chat template where an answer should be. */
  readonly leak: number;
  readonly refusal: number;
  /** Stops in the middle: no closing mark, an open code fence or bracket, a dangling word. */
  readonly cutOff: number;
}

const faultLimit = 16_384;

export function textFaults(whole: string): TextFaults {
  const text = whole.length > faultLimit ? whole.slice(0, faultLimit) : whole;
  const broken = text.match(brokenCharacters)?.length ?? 0;
  const leaks = text.match(leaked)?.length ?? 0;
  return {
    mojibake: broken === 0 ? 0 : Math.min(1, 0.3 + (20 * broken) / text.length),
    leak: Math.min(1, leaks / 2),
    refusal: refused.test(text.slice(0, 240)) ? 1 : 0,
    cutOff: cutOff(whole),
  };
}

/** UTF-8 bytes C2, C3 or E2 read as Latin-1 or Windows-1252 leave a capital with an accent before a symbol. */
const brokenCharacters = /\ufffd|(?![\t\n\r\u007f])\p{Cc}|[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|\p{Surrogate}/gu;

const leaked =
  /#{2,}\s*(?:instruction|response|input)\b|<\|[a-z_]{2,20}\|>|\[\/?INST\]|<no ?input>|<\/?s>|^\s*(?:human|user|assistant)\s*:|ignore (?:the|all) (?:above|previous)|lorem ipsum|\[insert [^\]]{1,40}\]/gimu;

const refused =
  /\b(?:i(?:'|’)?m sorry,? (?:but|i)|i apologi[sz]e,? but|as an ai\b|as a language model|i (?:can(?:not|(?:'|’)t)|am (?:not able|unable) to|(?:'|’)?m (?:not able|unable) to) (?:assist|help|provide|answer|complete|fulfil|do|create|generate|access|determine|process|view|see)|i do(?:n(?:'|’)t| not) have (?:the ability|access|enough)|not possible to (?:answer|determine|provide)|please provide (?:me with )?(?:more|the|a|an))/iu;

function cutOff(whole: string): number {
  const end = whole.trimEnd().slice(-160);
  if (end === '') return 0;
  if (((whole.slice(0, 65_536).match(/```/gu)?.length ?? 0) & 1) === 1) return 1;
  if (/[.!?…。！？)"'”’»}\]`>*|_:]$/u.test(end)) return end.endsWith(':') ? 0.5 : 0;
  if (/(?:[,;(–—-]|\b(?:the|a|an|and|or|of|to|in|with|for|that|is|are|was|by|as|on|at|from|which|their|its|be|can|will|it|this|such|has|have))$/iu.test(end)) return 1;
  // An item of a list, a line of code or a bare phrase need no full stop; a long sentence does.
  const lastLine = end.slice(end.lastIndexOf('\n') + 1);
  if (/^\s*(?:[-*•+]|\(?\d{1,3}[.):]|[a-z][.)])\s/iu.test(lastLine)) return 0.15;
  if (/[;={}<>]/u.test(lastLine) || /\p{N}$|[°%$€£]$/u.test(end)) return 0.1;
  const words = lastLine.split(/\s+/u).length;
  if (/[.!?]\s/u.test(end)) return 0.9;
  return words > 12 ? 0.7 : whole.length < 100 ? 0.1 : 0.4;
}
