import { distinct } from './sets';

/**
 * A text as the set of its word n-grams, each a 32-bit hash; ascending, without repetition. Words are runs of letters, marks and
 * digits, compared without case in the compatibility form of Unicode; letters of scripts that put no spaces between words are
 * words of their own. A text with fewer words is one gram; one without words is a gram of its own characters; an empty one has none.
 */
export function shingles(text: string, size = 5): Uint32Array {
  const words = wordHashes(text);
  if (words.length === 0) return Uint32Array.from(hashLetters(text));
  if (words.length <= size) return Uint32Array.of(hashGram(words, 0, words.length));
  const grams = new Uint32Array(words.length - size + 1);
  for (let start = 0; start < grams.length; start++) grams[start] = hashGram(words, start, size);
  return distinct(grams);
}

function wordHashes(text: string): number[] {
  const hashes: number[] = [];
  const folded = fold(text);
  let hash = 0;
  let letters = 0;
  const endWord = () => {
    if (letters > 0) hashes.push(scramble(hash ^ letters));
    hash = 0;
    letters = 0;
  };
  for (let at = 0; at < folded.length; at++) {
    const unit = folded.charCodeAt(at);
    if (unit < 0x80 ? asciiWord[unit] !== 1 : !isWordUnit(folded, at, unit)) {
      endWord();
      continue;
    }
    hash = Math.imul(hash ^ unit, 0x01000193) + 0x9e3779b9;
    letters++;
    if (unit >= 0x0e00 && standsAlone.test(folded.charAt(at))) endWord();
  }
  endWord();
  return hashes;
}

/** Halves of pairs count as letters: there are more letters than symbols beyond the first plane, and a symbol is as good as a word. */
function isWordUnit(text: string, at: number, unit: number): boolean {
  return (unit >= 0xd800 && unit < 0xe000) || wordLetter.test(text.charAt(at));
}

function fold(text: string): string {
  return (beyondAscii.test(text) ? text.normalize('NFKC') : text).toLowerCase();
}

const beyondAscii = /[^\0-\x7f]/;
const wordLetter = /[\p{L}\p{M}\p{N}]/u;
/** Scripts that put no spaces between words. */
const standsAlone = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const asciiWord = Uint8Array.from({ length: 0x80 }, (_, unit) => (/[a-z0-9]/.test(String.fromCharCode(unit)) ? 1 : 0));

function hashLetters(text: string): number[] {
  const trimmed = text.replaceAll(/\s+/gu, ' ').trim();
  if (trimmed === '') return [];
  let hash = 0;
  for (let at = 0; at < trimmed.length; at++) hash = Math.imul(hash ^ trimmed.charCodeAt(at), 0x01000193) + 0x9e3779b9;
  return [scramble(hash)];
}

function hashGram(words: readonly number[], start: number, size: number): number {
  let hash = size;
  for (let at = start; at < start + size; at++) {
    hash = Math.imul(hash ^ (words[at] ?? 0), 0xcc9e2d51);
    hash ^= hash >>> 15;
  }
  return scramble(hash);
}

/** MurmurHash3's last step: every bit of the input moves every bit of the output. */
function scramble(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
