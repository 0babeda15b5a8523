import { ContextMemory } from './contextMemory';
import { unmetDemands } from './demands';
import { promptCues } from './promptCues';
import type { PromptCues } from './promptCues';
import { textFaults } from './textFaults';
import type { NgramModel } from './ngramModel';
import { newlineToken } from './textReader';
import type { TokenisedText } from './textReader';
import { shapeLimit, textShape } from './textShape';
import type { TextShape } from './textShape';
import { wordOverlap } from './wordOverlap';
import { TokenSet, tripleKey } from './tokenSet';
import { dot } from './topics';
import type { Topics } from './topics';

/** What the reward looks at, each in about 0..1; the sign of its weight in reward.json says which way it counts. */
export const rewardFeatureNames = [
  'relevance',
  'topic',
  'coverage',
  'substance',
  'detail',
  'structure',
  'missingList',
  'missingNumber',
  'missingCode',
  'missingCount',
  'missingVerse',
  'overLimit',
  'cutOff',
  'startsClean',
  'repetition',
  'loops',
  'garbled',
  'mojibake',
  'leak',
  'refusal',
  'echo',
  'empty',
] as const;
export type RewardFeature = (typeof rewardFeatureNames)[number];
export type RewardVector = Readonly<Record<RewardFeature, number>>;

/** A reading of one exchange: the vector, and what the explanation needs to put it into words. */
export interface RewardReading {
  readonly vector: RewardVector;
  readonly cues: PromptCues;
  /** Words that a good answer to such a prompt has, roughly. */
  readonly expectedWords: number;
  readonly words: number;
}

/** A prompt's own wording is read to here: instructions stand first. */
const promptTokenLimit = 512;
/** Nats that a word of ordinary prose says; a token that says more than `mostOfToken` is rather garbled than rich. */
const natsOfWord = 5;
const mostOfToken = 9;

export class RewardFeatures {
  readonly #ngrams: NgramModel;
  readonly #topics: Topics;
  readonly #triples = new TokenSet();
  readonly #memory = new ContextMemory();
  readonly #newlineCost: number;

  constructor(ngrams: NgramModel, topics: Topics) {
    this.#ngrams = ngrams;
    this.#topics = topics;
    this.#newlineCost = ngrams.unigram(newlineToken);
  }

  read(prompt: TokenisedText, response: TokenisedText): RewardReading {
    const { tokens, text } = response;
    const asked = prompt.tokens.slice(0, promptTokenLimit);
    const cues = promptCues(prompt.text);
    const shape = textShape(text);
    const faults = textFaults(text);
    const topic = this.#topic(asked, tokens);
    const overlap = wordOverlap(prompt.text, text);
    // Any one of the three is enough; how much closer than related a response is says little about its worth.
    const relevance = 1 - (1 - topic) * (1 - overlap.coverage) * (1 - 0.7 * overlap.onPrompt);
    const variety = this.#variety(asked, tokens);
    const expectedWords = wordsExpected(cues, asked.length);
    // Text on something else is worth little however much it says.
    const onSubject = 0.2 + 0.8 * relevance;
    const newWords = this.#information(prompt, response) / natsOfWord;
    const unmet = unmetDemands(prompt.text, text, shape);
    const n = Math.max(1, tokens.length);
    const vector: RewardVector = {
      relevance,
      topic,
      coverage: overlap.coverage,
      substance: onSubject * Math.min(1.25, Math.log1p(newWords) / Math.log1p(expectedWords)),
      detail: onSubject * Math.min(1, Math.log1p(overlap.contentWords) / Math.log1p(200)),
      structure: structured(shape, text),
      missingList: cues.list && !cues.short && !cues.classify && shape.listItems < 2 && shape.newlines < 2 && tokens.length > 4 && !text.includes(',') ? 1 : 0,
      missingNumber: asksNumber.test(prompt.text.slice(0, 600)) && shape.digits === 0 && !numberWord.test(text.slice(0, 400)) ? 1 : 0,
      missingCode: cues.code && asksToWriteCode.test(prompt.text.slice(0, 600)) && shape.codeMarks === 0 ? 1 : 0,
      missingCount: unmet.count,
      missingVerse: unmet.verse,
      overLimit: unmet.limit,
      cutOff: faults.cutOff,
      startsClean: /^\s*(?:[\p{Lu}\p{N}"'“‘(<#*`[{\-•$]|\p{Lo})/u.test(text.slice(0, 8)) ? 1 : 0,
      repetition: variety.repetition,
      loops: loops(text),
      garbled: this.#garbled(response, shape),
      mojibake: faults.mojibake,
      leak: faults.leak,
      refusal: faults.refusal,
      echo: cues.rewrite || cues.classify ? 0 : variety.echoed,
      empty: text.trim() === '' ? 1 : Math.max(0, 1 - n / 2),
    };
    return { vector, cues, expectedWords, words: shape.spaces + shape.newlines + 1 };
  }

  /** What the response says that neither the prompt nor its own beginning said before, in nats. */
  #information(prompt: TokenisedText, { tokens, costs }: TokenisedText): number {
    const memory = this.#memory;
    memory.reset();
    prompt.tokens.forEach((token, i) => memory.read(token, prompt.costs[i] ?? 0));
    memory.read(newlineToken, this.#newlineCost);
    let total = 0;
    tokens.forEach((token, i) => (total += Math.min(mostOfToken, memory.read(token, costs[i] ?? 0))));
    return total;
  }

  /** How close the subjects are; 0.5 when one of the texts names none: neither praise nor blame. */
  #topic(asked: readonly number[], tokens: readonly number[]): number {
    const a = this.#topics.direction(asked);
    const b = this.#topics.direction(tokens);
    // The first steps away from "unrelated" tell most; beyond that, closer is not better.
    const close = a === undefined || b === undefined ? 0.5 : 1 - Math.exp(-Math.max(0, dot(a, b)) / 0.2);
    // A word or two hardly have a subject.
    return 0.5 + (close - 0.5) * (1 - Math.exp(-tokens.length / 4));
  }

  #variety(asked: readonly number[], tokens: readonly number[]): { repetition: number; echoed: number } {
    this.#triples.clear();
    let b = 0;
    let a = 0;
    for (const c of asked) {
      this.#triples.add(tripleKey(a, b, c));
      a = b;
      b = c;
    }
    let echoed = 0;
    tokens.forEach((c, i) => {
      if (i > 1 && this.#triples.has(tripleKey(tokens[i - 2] ?? 0, tokens[i - 1] ?? 0, c))) echoed++;
    });
    this.#triples.clear();
    tokens.forEach((c, i) => {
      if (i > 1) this.#triples.add(tripleKey(tokens[i - 2] ?? 0, tokens[i - 1] ?? 0, c));
    });
    const n = tokens.length;
    const triples = Math.max(1, n - 2);
    return {
      repetition: n < 6 ? 0 : hinge((1 - this.#triples.size / triples - usualRepetition(n)) / 0.6, 0.02),
      echoed: n < 6 ? 0 : Math.max(0, (echoed / triples - 0.5) * 2),
    };
  }

  /** How much worse the order of the tokens reads than the tokens themselves let expect: 0 for prose, 1 for word salad. */
  #garbled({ tokens, costs }: TokenisedText, shape: TextShape): number {
    if (tokens.length < 4) return 0;
    let cost = 0;
    let unigram = 0;
    for (let i = 1; i < tokens.length; i++) {
      cost += costs[i] ?? 0;
      unigram += this.#ngrams.unigram(tokens[i] ?? 0);
    }
    const foreign = shape.nonAscii / Math.max(1, shape.chars);
    const trust = Math.max(0, 1 - 4 * foreign) * (1 - Math.exp(-tokens.length / 24));
    const surprise = (cost - 0.75 * unigram) / (tokens.length - 1);
    return trust * hinge((surprise - 1.8) / 2, 0.08);
  }
}

/** 0 well below 0, the value itself well above it, at most 1; `soft` is how wide the bend is. */
function hinge(value: number, soft: number): number {
  return Math.min(1, soft * Math.log1p(Math.exp(Math.min(50, value / soft))));
}

/** Share of repeated token triples in sound text: lists and long answers repeat themselves a little. */
function usualRepetition(tokens: number): number {
  return 0.18 + 0.08 * Math.max(0, Math.log(tokens / 50));
}

/** Share of sentences and of lines that stood before, the larger of the two; numbering does not count. */
function loops(whole: string): number {
  const text = whole.slice(0, shapeLimit).toLowerCase();
  return Math.max(repeatedShare(text.split(/\n+/u)), repeatedShare(text.split(/(?<=[.!?])\s+/u)));
}

function repeatedShare(parts: readonly string[]): number {
  const said = parts.map((part) => part.replace(/^[\s\d.)*•-]+/u, '').trim()).filter((part) => part.length > 2);
  return said.length < 2 ? 0 : 1 - new Set(said).size / said.length;
}

function structured(shape: TextShape, text: string): number {
  const paragraphs = Math.min(3, text.slice(0, shapeLimit).match(/\n\s*\n/gu)?.length ?? 0) / 3;
  const lines = Math.min(4, shape.newlines) / 4;
  const fence = text.includes('```') ? 0.5 : 0;
  return Math.min(1, 0.5 * paragraphs + 0.5 * lines + fence);
}

const asksNumber = /\b(?:how (?:many|much|old|far|tall|long)|calculate|compute|what (?:year|percentage|is the (?:sum|product|average|area|square root))|find the (?:sum|product|average|area|value))\b/iu;
const numberWord = /\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|hundred|thousand|million|half|none|zero)\b/iu;
const asksToWriteCode = /\b(?:write|create|generate|implement|code|develop|construct|build)\b[^.?!]{0,60}\b(?:code|function|program|script|query|regex|class|algorithm|html|css|sql)\b/iu;

/** Typical lengths of good answers, set by hand; the weights in reward.json say how much they count. */
function wordsExpected(cues: PromptCues, askedTokens: number): number {
  if (cues.code) return 80;
  if (cues.create) return 160;
  if (cues.rewrite) return Math.max(25, 0.6 * askedTokens);
  if (cues.explain) return 140;
  if (cues.list) return 100;
  if (cues.classify) return 40;
  if (cues.short) return 40;
  return 90;
}
