import type { TextFault } from './textFault';

/*
 * Does a text end where no text ends? Only what speaks for itself counts: a code block that is never closed, a last character that
 * announces more, a last word that needs another, or a last sentence without its full stop in a paragraph whose other sentences
 * have theirs. Everything that ends otherwise by right (lists, verses, tables, code, formulas, addresses) is left alone: a false
 * alarm costs more trust than a missed cut.
 */

/** Shorter answers are phrases, not cut-off texts. */
const shortest = 60;
/** How far back the end is looked at. */
const tailLength = 1000;

/** Undefined when the text ends as texts do. Looks at the end alone, and for code fences at the whole. */
export function findTruncation(text: string): TextFault | undefined {
  const end = trimmedLength(text);
  if (end < shortest) return undefined;
  const fence = text.includes('`') ? openFence(text) : undefined;
  if (fence !== undefined) return { message: 'The response ends inside a code block that is never closed: it looks cut off.', start: fence, end: fence + 3 };
  const last = text[end - 1] ?? '';
  if (last === '.' || last === '!' || last === '?') return undefined;
  const lineStart = text.lastIndexOf('\n', end - 1) + 1;
  // A long line is looked at from its end.
  const line = text.slice(Math.max(lineStart, end - tailLength), end).trimStart();
  const reason = line.length < shortest / 2 ? undefined : (danglingMark(last) ?? danglingWord(line) ?? missingStop(line, text, lineStart));
  if (reason === undefined || !isProse(line) || looksLikeCode(text.slice(Math.max(0, end - tailLength), end))) return undefined;
  return { message: `The response looks cut off: ${reason}.`, start: end - lastWord(line).length, end };
}

function trimmedLength(text: string): number {
  let end = text.length;
  while (end > 0 && isBlank(text.charCodeAt(end - 1))) end--;
  return end;
}

function isBlank(unit: number): boolean {
  return unit <= 0x20 || unit === 0xa0;
}

/** The place of the last fence when their number is odd. Of those within a line none counts. */
function openFence(text: string): number | undefined {
  let open: number | undefined;
  for (let at = text.indexOf('```'); at >= 0; at = text.indexOf('```', at + 3)) {
    if (!/(?:^|\n)[ \t>]*$/.test(text.slice(Math.max(0, at - 40), at))) continue;
    open = open === undefined ? at : undefined;
  }
  return open;
}

const codeMarks = /[;{}]\s*$|=>|\b(?:def|return|import|function|class|SELECT|console)\b.*[({;]|<\/?[a-z][^>]*>|^\s{4,}\S/m;

function looksLikeCode(tail: string): boolean {
  return codeMarks.test(tail);
}

/** A list item, a heading, a table's row, a quotation's source, a signature. */
const ownLine = /^(?:[-*•–—#|>+~]|\d+[.):]|[a-zA-Z][.)]\s|\p{Lu}[\p{L} ]{0,30}:)/u;

/** A line of running text: words enough, and mostly of words, without a formula. */
function isProse(line: string): boolean {
  if (ownLine.test(line) || line.includes('=')) return false;
  const words = line.split(/\s+/u);
  if (words.length < 8) return false;
  const plain = words.filter((word) => /^["'“‘(]?\p{L}[\p{L}'’-]*[,;:.!?)"”’]*$/u.test(word)).length;
  return plain >= 0.8 * words.length;
}

function danglingMark(last: string): string | undefined {
  if (',;、，'.includes(last)) return last === ';' ? 'it ends with a semicolon' : 'it ends with a comma';
  if (last === ':') return 'it ends with a colon that nothing follows';
  if ('([{“‘«„'.includes(last)) return 'it ends with an opening mark';
  return undefined;
}

/** English words that another must follow. */
const dangling: ReadonlySet<string> = new Set(
  (
    'a an the and or nor but if because although though unless while whereas than as of from into onto upon among between toward towards via per with without within ' +
    'is are was were be being been am has have had its their his her my your our whose which who whom that to for by at very such every each'
  ).split(' '),
);

function danglingWord(line: string): string | undefined {
  const word = lastWord(line);
  return dangling.has(word) ? `its last word is "${word}"` : undefined;
}

function lastWord(line: string): string {
  return line.slice(line.lastIndexOf(' ') + 1);
}

/** The line is long enough for a sentence and has no end, though every sentence before it has: in the same line, or in the lines above. */
function missingStop(line: string, text: string, lineStart: number): string | undefined {
  if (!endsWord.test(line.slice(-1)) || signOff.test(line.slice(-100))) return undefined;
  const stop = Math.max(line.lastIndexOf('. '), line.lastIndexOf('! '), line.lastIndexOf('? '));
  if (stop >= 0) return sentence.test(line.slice(Math.max(0, stop - 3))) ? noEnd : undefined;
  const above = text.slice(Math.max(0, lineStart - tailLength), lineStart);
  const lines = above.split('\n').filter((other) => other.trim().length >= shortest);
  return lines.length >= 2 && lines.every((other) => /[.!?:]["”’)]?\s*$/u.test(other.slice(-4))) ? noEnd : undefined;
}

const noEnd = 'its last sentence has no end';
const endsWord = /[\p{Ll}\d]/u;
/** The end of a sentence, and four words of the next: "Mr. Brown" ends none. */
const sentence = /^[\p{Ll}\d)]{3}[.!?] \p{Lu}\S*(?: \S+){3}/u;

/** A letter ends with a name. */
const signOff = /\b(?:sincerely|regards|respectfully|respect|wishes|yours|love|thanks|cheers)\b[^.!?]{0,80}$/i;
