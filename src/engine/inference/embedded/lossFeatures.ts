import { ContextMemory } from './contextMemory';
import type { NgramModel } from './ngramModel';
import { promptCues } from './promptCues';
import { newlineToken, noToken } from './textReader';
import type { TokenisedText } from './textReader';
import { shapeLimit, textShape } from './textShape';
import { contentWordCount } from './wordOverlap';
import { pairKey, TokenSet, tripleKey } from './tokenSet';

/** The first tokens of a response, where a prompt helps most. */
const headLength = 12;
/** What needs one text alone. Costs are nats a token, shares lie in 0..1. */
export const aloneFeatureNames = [
  'alone.logTokens',
  'alone.inverseTokens',
  'alone.logChars',
  'alone.charsPerToken',
  'alone.unigram',
  'alone.bigram',
  'alone.trigram',
  'alone.first',
  'alone.second',
  'alone.spread',
  'alone.easy',
  'alone.hard',
  'alone.memory',
  'alone.memoryHead',
  'alone.memoryTail',
  'alone.repeated',
  'alone.repeatedPairs',
  'alone.digits',
  'alone.upper',
  'alone.punctuation',
  'alone.newlines',
  'alone.nonAscii',
  'alone.codeMarks',
  'alone.listItems',
  'alone.sentenceTokens',
  'alone.endsClean',
  'alone.startsUpper',
  'alone.capitalWords',
  'alone.sentences',
  'alone.words',
  'alone.wordLength',
  'alone.contentWords',
  'alone.contentShare',
  'alone.startsPronoun',
] as const;

/** What needs the prompt as well. */
export const givenFeatureNames = [
  'given.memory',
  'given.memoryHead',
  'given.first',
  'given.gain',
  'given.gainHead',
  'given.memoryOverTokens',
  'given.logPromptTokens',
  'given.promptMemory',
  'given.logLengthRatio',
  'given.copied',
  'given.copiedPairs',
  'given.copiedTriples',
  'given.copiedWords',
  'given.startsLikePrompt',
  'given.lines',
  'given.question',
  'given.asksList',
  'given.asksRewrite',
  'given.asksClass',
  'given.asksShort',
  'given.asksCreate',
  'given.asksExplain',
  'given.asksCode',
  'given.secondPart',
  'given.logSecondPart',
] as const;

const memoryAt = aloneFeatureNames.indexOf('alone.memory');
const memoryHeadAt = aloneFeatureNames.indexOf('alone.memoryHead');

/** Computes the features. Its scratch memory is shared by all records: one instance a thread. */
export class LossFeatures {
  readonly #ngrams: NgramModel;
  readonly #memory = new ContextMemory();
  readonly #tokens = new TokenSet();
  readonly #pairs = new TokenSet();
  readonly #triples = new TokenSet();

  readonly #newlineCost: number;

  constructor(ngrams: NgramModel) {
    this.#ngrams = ngrams;
    this.#newlineCost = ngrams.unigram(newlineToken);
  }

  /** In the order of `aloneFeatureNames`; the text has at least one token. */
  alone(whole: TokenisedText): number[] {
    const { text, tokens, costs } = whole;
    const n = tokens.length;
    const seen = this.#tokens;
    const pairs = this.#pairs;
    seen.clear();
    pairs.clear();
    let unigram = 0;
    let bigram = 0;
    let trigram = 0;
    let squares = 0;
    let easy = 0;
    let hard = 0;
    let first = 0;
    let second = 0;
    let previous = newlineToken;
    for (let i = 0; i < n; i++) {
      const token = tokens[i] ?? 0;
      const cost = costs[i] ?? 0;
      unigram += this.#ngrams.unigram(token);
      bigram += this.#ngrams.bigram(previous, token);
      trigram += cost;
      squares += cost * cost;
      if (cost < 1.5) easy++;
      if (cost > 8) hard++;
      if (i === 0) first = cost;
      if (i === 1) second = cost;
      seen.add(token);
      if (i > 0) pairs.add(pairKey(previous, token));
      previous = token;
    }
    const spread = Math.sqrt(Math.max(0, squares / n - (trigram / n) ** 2));
    const read = this.#readThrough(undefined, whole, 1);
    const shape = textShape(text);
    const chars = Math.max(1, shape.chars);
    const words = shape.spaces + shape.newlines + 1;
    const content = contentWordCount(text);
    return [
      Math.log(n),
      1 / n,
      Math.log(chars),
      Math.min(12, chars / n),
      unigram / n,
      bigram / n,
      trigram / n,
      first,
      second,
      spread,
      easy / n,
      hard / n,
      read.total / Math.max(1, n - 1),
      read.head / Math.max(1, read.headTokens),
      read.tail / Math.max(1, read.tailTokens),
      1 - seen.size / n,
      n > 1 ? 1 - pairs.size / (n - 1) : 0,
      shape.digits / chars,
      shape.upper / chars,
      shape.punctuation / chars,
      shape.newlines / chars,
      shape.nonAscii / chars,
      shape.codeMarks / chars,
      shape.listItems / words,
      Math.log(n / Math.max(1, shape.sentenceEnds)),
      /[.!?)"'”:`}\]]\s*$/u.test(text.slice(-16)) ? 1 : 0,
      /^\p{Lu}/u.test(text.slice(0, 2)) ? 1 : 0,
      shape.upper / words,
      Math.log(shape.sentenceEnds + 1),
      Math.log(words),
      shape.letters / words,
      Math.log(content + 1),
      content / words,
      startsPronoun.test(text.slice(0, 8)) ? 1 : 0,
    ];
  }

  /** In the order of `givenFeatureNames`; `alone` is what `alone()` gave for the response. */
  given(prompt: TokenisedText, response: TokenisedText, alone: readonly number[]): number[] {
    const context = prompt.tokens;
    const n = response.tokens.length;
    const read = this.#readThrough(prompt, response, 0);
    const memory = read.total / n;
    const head = read.head / Math.max(1, read.headTokens);
    const cues = promptCues(prompt.text);
    const asked = prompt.text.slice(0, shapeLimit);
    const lines = asked.split('\n', 21).length - 1;
    // What follows the first line is mostly material to work on; 0 where nothing follows.
    const secondPart = lines === 0 ? 0 : asked.length - asked.indexOf('\n');
    return [
      memory,
      head,
      read.first,
      (alone[memoryAt] ?? 0) - memory,
      (alone[memoryHeadAt] ?? 0) - head,
      memory / n,
      Math.log(context.length + 1),
      read.contextTotal / (context.length + 1),
      Math.log((n + 1) / (context.length + 1)),
      ...this.#copied(context, response.tokens),
      copiedWordShare(prompt.text, response.text),
      startsLike(prompt.text, response.text) ? 1 : 0,
      lines,
      ...[cues.question, cues.list, cues.rewrite, cues.classify, cues.short, cues.create, cues.explain, cues.code].map(Number),
      secondPart > 0 ? 1 : 0,
      Math.log(Math.max(1, secondPart)),
    ];
  }

  /** Shares of the response's tokens, pairs and triples that the prompt holds. */
  #copied(context: readonly number[], tokens: readonly number[]): readonly [number, number, number] {
    this.#tokens.clear();
    this.#pairs.clear();
    this.#triples.clear();
    let a = noToken;
    let b = noToken;
    for (const c of context) {
      this.#tokens.add(c);
      this.#pairs.add(pairKey(b, c));
      this.#triples.add(tripleKey(a, b, c));
      a = b;
      b = c;
    }
    let copied = 0;
    let copiedPairs = 0;
    let copiedTriples = 0;
    a = noToken;
    b = noToken;
    for (let i = 0; i < tokens.length; i++) {
      const c = tokens[i] ?? 0;
      if (this.#tokens.has(c)) copied++;
      if (i > 0 && this.#pairs.has(pairKey(b, c))) copiedPairs++;
      if (i > 1 && this.#triples.has(tripleKey(a, b, c))) copiedTriples++;
      a = b;
      b = c;
    }
    const n = tokens.length;
    return [copied / n, copiedPairs / Math.max(1, n - 1), copiedTriples / Math.max(1, n - 2)];
  }

  /** Reads the prompt and a new line, if there is a prompt, then the text; the sums run over its tokens from the `from`-th on. */
  #readThrough(prompt: TokenisedText | undefined, { tokens, costs }: TokenisedText, from: number): MemoryRead {
    const memory = this.#memory;
    memory.reset();
    let contextTotal = 0;
    if (prompt !== undefined) {
      for (let i = 0; i < prompt.tokens.length; i++) contextTotal += memory.read(prompt.tokens[i] ?? 0, prompt.costs[i] ?? 0);
      memory.read(newlineToken, this.#newlineCost);
    }
    let first = 0;
    let head = 0;
    let tail = 0;
    for (let i = 0; i < tokens.length; i++) {
      const cost = memory.read(tokens[i] ?? 0, costs[i] ?? 0);
      if (i === 0) first = cost;
      if (i < from) continue;
      if (i < headLength) head += cost;
      else tail += cost;
    }
    const headTokens = Math.max(0, Math.min(tokens.length, headLength) - from);
    return { contextTotal, total: head + tail, first, head, headTokens, tail, tailTokens: tokens.length - from - headTokens };
  }
}

interface MemoryRead {
  readonly contextTotal: number;
  readonly total: number;
  readonly first: number;
  readonly head: number;
  readonly headTokens: number;
  readonly tail: number;
  readonly tailTokens: number;
}

const startsPronoun = /^(?:i|we|you|it|he|she|they|yes|no)\b/iu;
const contentWord = /[\p{L}\p{N}]{3,}/gu;

function copiedWordShare(prompt: string, response: string): number {
  const words = response.slice(0, shapeLimit).toLowerCase().match(contentWord);
  if (words === null) return 0;
  const known = new Set(prompt.slice(0, shapeLimit).toLowerCase().match(contentWord) ?? []);
  let copied = 0;
  for (const word of words) if (known.has(word)) copied++;
  return copied / words.length;
}

function startsLike(prompt: string, response: string): boolean {
  const word = /^\W*(\w{3,})/u.exec(response.slice(0, 64))?.[1]?.toLowerCase();
  return word !== undefined && prompt.slice(0, shapeLimit).toLowerCase().includes(word);
}
