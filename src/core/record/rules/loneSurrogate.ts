import type { TextFault } from './textFault';

const loneSurrogate = /\p{Surrogate}/u;

/** Undefined when every character of the text is whole. */
export function findLoneSurrogate(text: string): TextFault | undefined {
  if (text.isWellFormed()) return undefined;
  const start = text.search(loneSurrogate);
  return { message: 'The text holds half of a character (a lone surrogate), which no trainer can encode: replace it.', start, end: start + 1 };
}
