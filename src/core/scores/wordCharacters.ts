/**
 * Characters as Python's `str` and `re` class them, which differ from JavaScript's: `\s` knows U+001C to U+001F and U+0085 but not U+FEFF,
 * `\w` and `\d` know all of Unicode.
 */

/** The inside of a character class. */
export const pythonSpaces = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

export function isSpace(code: number): boolean {
  if (code < 0x85) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f);
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** `string.whitespace`. */
export function isAsciiSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

export function isAsciiLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** Python's `\w` for the character that begins at `index`; false at or after `end`. */
export function isWordAt(text: string, index: number, end: number): boolean {
  if (index >= end) return false;
  const code = text.charCodeAt(index);
  if (code < 0x80) return isAsciiLetter(code) || isAsciiDigit(code) || code === 0x5f;
  return unicodeWord.test(String.fromCodePoint(text.codePointAt(index) ?? code));
}

/** Python's `\w` for the character that ends before `index`; false at or before `start`. */
export function isWordBefore(text: string, index: number, start: number): boolean {
  if (index <= start) return false;
  const code = text.charCodeAt(index - 1);
  const pair = code >= 0xdc00 && code <= 0xdfff && index - 2 >= start;
  return isWordAt(text, pair ? index - 2 : index - 1, index);
}

/** Python's `\d`; false at or after `end`. */
export function isDigitAt(text: string, index: number, end: number): boolean {
  if (index >= end) return false;
  const code = text.charCodeAt(index);
  if (code < 0x80) return isAsciiDigit(code);
  return unicodeDigit.test(String.fromCodePoint(text.codePointAt(index) ?? code));
}

function isAsciiDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

const unicodeWord = /[\p{L}\p{N}_]/u;
const unicodeDigit = /\p{Nd}/u;
