/** Counts over the UTF-16 units of a text's first `shapeLimit`, in one pass. */
export interface TextShape {
  readonly chars: number;
  readonly digits: number;
  readonly upper: number;
  readonly letters: number;
  readonly punctuation: number;
  readonly spaces: number;
  readonly newlines: number;
  readonly nonAscii: number;
  /** `{ } ; = < > ( ) [ ] _ \ /` */
  readonly codeMarks: number;
  readonly sentenceEnds: number;
  /** Lines that begin like an item of a list. */
  readonly listItems: number;
}

export const shapeLimit = 16_384;

export function textShape(whole: string): TextShape {
  const text = whole.length > shapeLimit ? whole.slice(0, shapeLimit) : whole;
  let digits = 0;
  let upper = 0;
  let letters = 0;
  let punctuation = 0;
  let spaces = 0;
  let newlines = 0;
  let nonAscii = 0;
  let codeMarks = 0;
  let sentenceEnds = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c > 127) nonAscii++;
    else if (c >= 97 && c <= 122) letters++;
    else if (c >= 65 && c <= 90) {
      letters++;
      upper++;
    } else if (c === 32) spaces++;
    else if (c >= 48 && c <= 57) digits++;
    else if (c === 10) newlines++;
    else if (c > 32) {
      punctuation++;
      if (codeCharacters.has(c)) codeMarks++;
      else if (c === 46 || c === 33 || c === 63) {
        const next = text.charCodeAt(i + 1);
        if (i + 1 === text.length || next === 32 || next === 10) sentenceEnds++;
      }
    }
  }
  const listItems = newlines > 0 || digits > 0 || punctuation > 0 ? (text.match(listItem)?.length ?? 0) : 0;
  return { chars: text.length, digits, upper, letters, punctuation, spaces, newlines, nonAscii, codeMarks, sentenceEnds, listItems };
}

const codeCharacters = new Set(Array.from('{};=<>()[]_\\/', (c) => c.charCodeAt(0)));
const listItem = /^[ \t]{0,8}(?:[-*•+]|\(?\d{1,3}[.):]|[a-zA-Z][.)])[ \t]/gmu;
