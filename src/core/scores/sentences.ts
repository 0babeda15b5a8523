import { isAsciiLetter, isAsciiSpace, isSpace, pythonSpaces } from './wordCharacters';

/**
 * Sentences as NLTK's `PunktSentenceTokenizer()` finds them without training (Kiss and Strunk 2006): every `?` and `!` before white
 * space or closing punctuation ends one, a period too, unless it is an ellipsis, or a number or a single-letter initial that goes on.
 * Calls back with offsets, in order; what lies between two sentences is white space.
 */
export function eachSentence(text: string, visit: (start: number, end: number) => void): void {
  const sentences = new ClosedSentences(text, visit);
  let wordStart = 0;
  let previous = -1;
  for (let index = nextMark(text, 0); index < text.length; index = nextMark(text, index + 1)) {
    if (!endsToken(text, index)) continue;
    const start = wordBefore(text, { from: Math.max(previous, 0), to: index, chain: wordStart });
    // Marks without white space between them are one candidate: the last.
    if (previous >= 0 && previous <= start) decide(text, wordStart, previous, sentences);
    previous = index;
    wordStart = start;
  }
  if (previous >= 0) decide(text, wordStart, previous, sentences);
  sentences.finish();
}

function decide(text: string, wordStart: number, mark: number, sentences: ClosedSentences): void {
  const next = afterMark(text, mark);
  if (breaks(text, wordStart, mark, next)) sentences.breakAt(mark + 1, next.start);
}

function nextMark(text: string, from: number): number {
  for (let index = from; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === period || code === question || code === exclamation) return index;
  }
  return text.length;
}

/** A mark is a candidate before punctuation that no word holds, or before white space that something follows. */
function endsToken(text: string, mark: number): boolean {
  const code = text.charCodeAt(mark + 1);
  if (Number.isNaN(code)) return false;
  if (!isSpace(code)) return notInWords.has(code);
  return skipSpaces(text, mark + 1) < text.length;
}

/** Where the word before a mark begins: after the last white space since the previous mark, else where that mark's word began. */
function wordBefore(text: string, { from, to, chain }: { readonly from: number; readonly to: number; readonly chain: number }): number {
  for (let index = to - 1; index > from; index--) if (isAsciiSpace(text.charCodeAt(index))) return index + 1;
  return chain;
}

/** What follows a mark: one character of punctuation, which then begins the next sentence itself, or a token after white space. */
interface NextToken {
  /** Where the next sentence would begin. */
  readonly start: number;
  readonly spaced: boolean;
}

function afterMark(text: string, mark: number): NextToken {
  const start = skipSpaces(text, mark + 1);
  return { start, spaced: start > mark + 1 };
}

function breaks(text: string, wordStart: number, mark: number, next: NextToken): boolean {
  if (text.charCodeAt(mark) !== period) return true;
  // A word of two letters or more before the period: neither a number nor an initial.
  if (mark - 2 >= wordStart && isAsciiLetter(text.charCodeAt(mark - 1)) && isAsciiLetter(text.charCodeAt(mark - 2))) return true;
  return hasBreak(text.slice(wordStart, next.spaced ? tokenEnd(text, next.start) : next.start + 1));
}

/** Punkt's token-based decision: is any token but the last a sentence's end? */
function hasBreak(context: string): boolean {
  let token: string | undefined;
  for (const [next] of context.matchAll(punktToken)) {
    if (token !== undefined && endsSentence(token, next)) return true;
    token = next;
  }
  return false;
}

function endsSentence(token: string, next: string): boolean {
  if (token === '?' || token === '!' || token === '.') return true;
  return token.endsWith('.') && !token.endsWith('..') && !goesOn(token, next);
}

/** A number or an initial goes on before punctuation or a small letter, an initial also before a capital. */
function goesOn(token: string, next: string): boolean {
  const initial = initialToken.test(token);
  if (!initial && !numberToken.test(token)) return false;
  return continuation.test(next) || (initial && capital.test(next));
}

function skipSpaces(text: string, from: number): number {
  let index = from;
  while (index < text.length && isSpace(text.charCodeAt(index))) index++;
  return index;
}

function tokenEnd(text: string, from: number): number {
  let index = from;
  while (index < text.length && !isSpace(text.charCodeAt(index))) index++;
  return index;
}

const period = 0x2e;
const question = 0x3f;
const exclamation = 0x21;

const notInWordsText = ')";}]*:@\'({[‘’“”«»?!';
const notInWords: ReadonlySet<number> = new Set(Array.from(notInWordsText, (character) => character.charCodeAt(0)));

/** Punkt's word tokenizer: runs of dashes or periods, words up to punctuation that none holds, else single characters. */
const punktToken = (() => {
  const space = `[${pythonSpaces}]`;
  const other = `[^${pythonSpaces}]`;
  const run = String.raw`(?:-{2,}|\.{2,}|(?:\.${space}){2,}\.)`;
  const outside = `[${notInWordsText.replace(/[\]\\^-]/gu, String.raw`\$&`)}]`;
  const end = `${space}|$|${outside}|${run}`;
  return new RegExp(String.raw`${run}|(?=[^("\x60{\[:;&#*@)}\]\-,])${other}+?(?=${end}|,(?=${end}))|${other}`, 'gu');
})();

const initialToken = /^[\p{L}\p{Nl}\p{No}_]\.$/u;
const numberToken = /^-?[.,]?\p{Nd}[\p{Nd},.-]*\.?$/u;
const continuation = /^(?:[;:,.!?]$|\p{Lowercase})/u;
const capital = /^\p{Uppercase}/u;

/** Holds each sentence back until the next one's opening shows whether it takes closing punctuation from there. */
class ClosedSentences {
  readonly #text: string;
  readonly #visit: (start: number, end: number) => void;
  #start = 0;
  /** End of the sentence held back; undefined at first. */
  #end: number | undefined;
  /** Where the sentence after the one held back begins, before it gives up its closing punctuation. */
  #nextStart = 0;

  constructor(text: string, visit: (start: number, end: number) => void) {
    this.#text = text;
    this.#visit = visit;
  }

  breakAt(end: number, nextStart: number): void {
    this.#release(end);
    this.#end = end;
    this.#nextStart = nextStart;
  }

  finish(): void {
    let end = this.#text.length;
    while (end > 0 && isSpace(this.#text.charCodeAt(end - 1))) end--;
    this.#release(end);
    if (this.#start < end) this.#visit(this.#start, end);
  }

  /** Hands out the sentence held back, now that the one after it is known to end at `nextEnd`. */
  #release(nextEnd: number): void {
    if (this.#end === undefined) return;
    const closed = this.#closersEnd(nextEnd);
    if (closed === undefined) {
      if (this.#start < this.#end) this.#visit(this.#start, this.#end);
      this.#start = this.#nextStart;
    } else {
      this.#visit(this.#start, closed.punctuation);
      this.#start = closed.all;
    }
  }

  /** Closing punctuation belongs to the sentence before it, where white space, `--` or the end follows. */
  #closersEnd(nextEnd: number): { readonly punctuation: number; readonly all: number } | undefined {
    const text = this.#text;
    let punctuation = this.#nextStart;
    while (punctuation < nextEnd && isCloser(text.charCodeAt(punctuation))) punctuation++;
    if (punctuation === this.#nextStart) return undefined;
    let all = punctuation;
    while (all < nextEnd && isSpace(text.charCodeAt(all))) all++;
    const dashes = text.startsWith('--', punctuation) && punctuation + 2 <= nextEnd;
    return all > punctuation || dashes || punctuation === nextEnd ? { punctuation, all } : undefined;
  }
}

const closerText = '"\')]}‘’“”«»';
const closerCodes: ReadonlySet<number> = new Set(Array.from(closerText, (character) => character.charCodeAt(0)));

function isCloser(code: number): boolean {
  return closerCodes.has(code);
}
