import { eachSentence } from './sentences';
import { isAsciiLetter, isDigitAt, isSpace, isWordAt, isWordBefore } from './wordCharacters';

/**
 * Words as NLTK counts them: `len(word_tokenize(text))` with an untrained Punkt, then `NLTKWordTokenizer` (test/core/scores/words.test.ts shows the
 * rules). NLTK inserts spaces by some thirty substitutions; here one pass finds where they would come to stand. Linear in the text.
 */
export function countWords(text: string): number {
  let words = 0;
  eachSentence(text, (start, end) => {
    words += new SentenceScanner(text, start, end).count();
  });
  return words;
}

class SentenceScanner {
  readonly #text: string;
  readonly #start: number;
  readonly #end: number;
  /** The one period that stands apart for ending the sentence; -1 when there is none. */
  readonly #finalPeriod: number;
  #words = 0;
  /** Whether the next character would continue a word. */
  #open = false;

  constructor(text: string, start: number, end: number) {
    this.#text = text;
    this.#start = start;
    this.#end = end;
    this.#finalPeriod = finalPeriod(text, start, end);
  }

  count(): number {
    for (let index = this.#start; index < this.#end; ) index = this.#read(index);
    return this.#words;
  }

  /** Reads the character or the unit at `index`; returns where to go on. */
  #read(index: number): number {
    const code = this.#text.charCodeAt(index);
    if (code < 0x80) {
      switch (kinds[code]) {
        case Kind.space:
          this.#open = false;
          return index + 1;
        case Kind.early:
        case Kind.late:
          return this.#alone(index + 1);
        case Kind.letter:
          return this.#readLetter(index, code);
        case Kind.separator:
          return this.#readSeparators(index);
        case Kind.period:
          return this.#readPeriods(index);
        case Kind.dash:
          return this.#at(index + 1) === dash ? this.#alone(index + 2) : this.#join(index + 1);
        case Kind.quote:
          return this.#readQuotes(index);
        case Kind.backtick:
          return this.#readBackticks(index);
        default:
          return this.#join(index + 1);
      }
    }
    if (early.has(code) || late.has(code)) return this.#alone(index + 1);
    if (!isSpace(code)) return this.#join(index + 1);
    this.#open = false;
    return index + 1;
  }

  /** A word of its own up to `next`. */
  #alone(next: number): number {
    this.#words++;
    this.#open = false;
    return next;
  }

  /** Part of a word, the one before it if that is open. */
  #join(next: number): number {
    if (!this.#open) this.#words++;
    this.#open = true;
    return next;
  }

  /** A word that begins here and stays open. */
  #begin(next: number): number {
    this.#words++;
    this.#open = true;
    return next;
  }

  /** NaN at and after the sentence's end. */
  #at(index: number): number {
    return index < this.#end ? this.#text.charCodeAt(index) : NaN;
  }

  #runEnd(index: number, code: number): number {
    let end = index + 1;
    while (this.#at(end) === code) end++;
    return end;
  }

  /** `cannot` and the like are two words each; `n't` begins one. */
  #readLetter(index: number, code: number): number {
    const pair = joinedWords[code | 0x20];
    if (pair !== undefined && !(this.#open && isWordBefore(this.#text, index, this.#start))) {
      for (const { word, beforeSpace } of pair) {
        const end = index + word.length;
        if (end <= this.#end && this.#text.slice(index, end).toLowerCase() === word && (beforeSpace ? this.#spacedLate(end) : !isWordAt(this.#text, end, this.#end))) {
          this.#words += 2;
          this.#open = false;
          return end;
        }
      }
    }
    if ((code === 0x6e || code === 0x4e) && this.#open && this.#at(index + 1) === quote && this.#at(index - 1) !== quote) {
      const t = this.#at(index + 2);
      if (t === (code === 0x6e ? 0x74 : 0x54) && this.#spacedLate(index + 3)) return this.#begin(index + 3);
    }
    return this.#join(this.#plainEnd(index + 1));
  }

  /** Past characters that only continue a word. */
  #plainEnd(from: number): number {
    const text = this.#text;
    const end = this.#end;
    let index = from;
    while (index < end && plain[text.charCodeAt(index)] === 1) index++;
    return index;
  }

  /**
   * A colon or comma is alone unless a digit follows. NLTK's pattern takes the character after it along, so that of two in a row the second is
   * not looked at again: it stays with what follows.
   */
  #readSeparators(index: number): number {
    if (isDigitAt(this.#text, index + 1, this.#end)) return this.#join(index + 1);
    const second = index + 1;
    this.#alone(second);
    if (!isSeparator(this.#at(second))) return second;
    return second + 1 === this.#end ? this.#alone(second + 1) : this.#begin(second + 1);
  }

  #readPeriods(index: number): number {
    const end = this.#runEnd(index, period);
    return end - index > 1 || index === this.#finalPeriod ? this.#alone(end) : this.#join(end);
  }

  /** Pairs of backticks are words, and so is one left over. */
  #readBackticks(index: number): number {
    const end = this.#runEnd(index, backtick);
    this.#words += Math.ceil((end - index) / 2);
    this.#open = false;
    return end;
  }

  /** Pairs of quotes are words; one left over may open or close a quotation, or begin a clitic. */
  #readQuotes(index: number): number {
    const end = this.#runEnd(index, quote);
    const pairs = (end - index) >> 1;
    if (pairs > 0) {
      this.#words += pairs;
      this.#open = false;
    }
    if ((end - index) % 2 === 0) return end;
    if (this.#opensQuotation(end - 1) || this.#spaced(end)) return this.#alone(end);
    return this.#isClitic(end - 1) ? this.#begin(end) : this.#join(end);
  }

  /** After a character that is none of a word's, before one that is, and no clitic. */
  #opensQuotation(index: number): boolean {
    if (isWordBefore(this.#text, index, this.#start) || !isWordAt(this.#text, index + 1, this.#end)) return false;
    return !cliticAfterQuote.some((clitic) => {
      const end = index + 1 + clitic.length;
      return end <= this.#end && this.#text.slice(index + 1, end).toLowerCase() === clitic && !isWordAt(this.#text, end, this.#end);
    });
  }

  /** `'s 'm 'd 'll 're 've` before a space, in small letters or capitals. */
  #isClitic(index: number): boolean {
    return this.#isShortClitic(index) || (longClitics.has(this.#text.slice(index + 1, Math.min(index + 3, this.#end))) && this.#spacedLate(index + 3));
  }

  #isShortClitic(index: number): boolean {
    const lower = this.#at(index + 1) | 0x20;
    return (lower === 0x73 || lower === 0x6d || lower === 0x64) && this.#spaced(index + 2);
  }

  /** Is there a space between a letter or quote before `index` and what stands there, before clitics are split off? */
  #spaced(index: number): boolean {
    const code = this.#at(index);
    if (Number.isNaN(code) || isSpace(code) || this.#spacedEarly(index)) return true;
    if (code < 0x80 && kinds[code] === Kind.late) return true;
    if (late.has(code)) return true;
    if (code === dash) return this.#at(index + 1) === dash;
    if (code !== quote) return false;
    return this.#at(index + 1) === quote || this.#spacedEarly(index + 1);
  }

  /** The same before brackets, asterisks and quotes are set apart: white space other than a blank does not count here. */
  #spacedEarly(index: number): boolean {
    const code = this.#at(index);
    if (code === 0x20 || early.has(code)) return true;
    if (!(code < 0x80)) return false;
    switch (kinds[code]) {
      case Kind.early:
      case Kind.backtick:
        return true;
      case Kind.separator:
        return !isDigitAt(this.#text, index + 1, this.#end);
      case Kind.period:
        return index === this.#finalPeriod || this.#at(index + 1) === period;
      default:
        return false;
    }
  }

  /** The same once `'s 'm 'd` and lone quotes are split off. */
  #spacedLate(index: number): boolean {
    if (this.#spaced(index)) return true;
    return this.#at(index) === quote && (this.#spaced(index + 1) || this.#isShortClitic(index));
  }
}

/**
 * The period before nothing but closing punctuation and blanks; -1 when there is none. A double quote after a blank there opens a quotation
 * in NLTK's eyes, and keeps the period from being the last.
 */
function finalPeriod(text: string, start: number, end: number): number {
  let index = end - 1;
  while (index >= start && isSpace(text.charCodeAt(index))) index--;
  for (; index >= start; index--) {
    const code = text.charCodeAt(index);
    if (code === period) return index > start && text.charCodeAt(index - 1) !== period ? index : -1;
    if (code !== 0x20 && !closing.has(code)) return -1;
    const opens = code === 0x22 || (code === quote && text.charCodeAt(index + 1) === quote && index + 1 < end);
    if (opens && index > start && text.charCodeAt(index - 1) === 0x20) return -1;
  }
  return -1;
}

function isSeparator(code: number): boolean {
  return code === 0x3a || code === 0x2c;
}

const period = 0x2e;
const dash = 0x2d;
const quote = 0x27;
const backtick = 0x60;

const enum Kind {
  other,
  space,
  /** Set apart before lone quotes are looked at. */
  early,
  /** Set apart after them. */
  late,
  letter,
  separator,
  period,
  dash,
  quote,
  backtick,
}

const early = codesOf(';@#$%&?!‒–—―«“‘„');
const late = codesOf('*[](){}<>"»”’');
const closing = codesOf('])}>"\'»”’');

const kinds = Uint8Array.from({ length: 0x80 }, (_, code) => {
  if (isSpace(code)) return Kind.space;
  if (early.has(code)) return Kind.early;
  if (late.has(code)) return Kind.late;
  if (isAsciiLetter(code)) return Kind.letter;
  if (isSeparator(code)) return Kind.separator;
  return new Map<number, number>([[period, Kind.period], [dash, Kind.dash], [quote, Kind.quote], [backtick, Kind.backtick]]).get(code) ?? Kind.other;
});

/** ASCII letters, digits and the underscore, without the `n` of a possible `n't`. */
const plain = Uint8Array.from({ length: 0x80 }, (_, code) => (/[a-mo-z0-9_]/iu.test(String.fromCharCode(code)) ? 1 : 0));

function codesOf(characters: string): ReadonlySet<number> {
  return new Set(Array.from(characters, (character) => character.charCodeAt(0)));
}

const cliticAfterQuote = ['re', 've', 'll', 'm', 't', 's', 'd', 'n'] as const;
const longClitics: ReadonlySet<string> = new Set(['ll', 'LL', 're', 'RE', 've', 'VE']);

interface JoinedWord {
  readonly word: string;
  /** Only before white space, not before punctuation. */
  readonly beforeSpace?: boolean;
}

/** By first letter: words that count as two. */
const joinedWords = byFirstLetter([{ word: 'cannot' }, { word: "d'ye" }, { word: 'gimme' }, { word: 'gonna' }, { word: 'gotta' }, { word: 'lemme' }, { word: "more'n" }, { word: 'wanna', beforeSpace: true }]);

function byFirstLetter(words: readonly JoinedWord[]): readonly (readonly JoinedWord[] | undefined)[] {
  const table: JoinedWord[][] = [];
  for (const joined of words) (table[joined.word.charCodeAt(0)] ??= []).push(joined);
  return table;
}
