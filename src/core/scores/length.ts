import type { LengthMeasurement } from './catalogue';
import { countWords } from './words';

/** Counts the tokens of a text under a vocabulary. */
export interface TokenCounter {
  /** `o200k_base`, … */
  readonly name: string;
  count(text: string): number;
}

/** The three lengths of a response: never one number called "length". */
export function measureLength(text: string, tokenizer: TokenCounter): LengthMeasurement {
  return { words: countWords(text), tokens: tokenizer.count(text), chars: countChars(text), tokenizer: tokenizer.name };
}

/** Unicode code points; a lone surrogate is one. */
export function countChars(text: string): number {
  let chars = text.length;
  for (let index = 1; index < text.length; index++) {
    if (isLow(text.charCodeAt(index)) && isHigh(text.charCodeAt(index - 1))) chars--;
  }
  return chars;
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
