import { shapeLimit } from './textShape';
import type { TextShape } from './textShape';

/** How far a response misses what its prompt demands in so many words: 0 met or not demanded, 1 missed outright. */
export interface UnmetDemands {
  /** "list five …" answered with a list of another length. */
  readonly count: number;
  /** A poem or a song of fewer than three lines. */
  readonly verse: number;
  /** "in at most 50 words" exceeded by more than a tenth; 1 at twice the limit. */
  readonly limit: number;
}

/** Demands stand in the instruction, not in a long input after it. */
const demandLimit = 600;

export function unmetDemands(prompt: string, response: string, shape: TextShape): UnmetDemands {
  const ask = prompt.slice(0, demandLimit).toLowerCase();
  return {
    count: unmetCount(ask, shape.listItems),
    verse: asksVerse.test(ask) && shape.newlines < 2 ? 1 : 0,
    limit: exceeded(ask, response),
  };
}

/** Only where there is a list: items in running text cannot be counted safely. */
function unmetCount(ask: string, items: number): number {
  const found = asksCount.exec(ask)?.[1];
  if (found === undefined || items < 2) return 0;
  const wanted = numberWords.includes(found) ? numberWords.indexOf(found) : Number(found);
  return wanted < 2 || wanted > 50 ? 0 : Math.min(1, Math.abs(items - wanted) / wanted);
}

function exceeded(ask: string, response: string): number {
  const most = Number(asksLimit.exec(ask)?.[1]);
  if (!(most > 0)) return 0;
  const words = response.slice(0, shapeLimit).match(/\S+/gu)?.length ?? 0;
  return Math.min(1, Math.max(0, words / most - 1.1) / 0.9);
}

const numberWords = ['', '', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
const asksCount =
  /\b(?:list|give|name|write|provide|suggest|generate|create|top|recommend|share|tell|are|come up with|brainstorm|identify)\s(?:me\s|us\s|out\s|the\s|at least\s|some\s|top\s){0,2}(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s(?!words?\b|sentences?\b|paragraphs?\b|lines?\b|minutes?\b|hours?\b|years?\b|days?\b|page)(?:[\w-]+\s){0,3}?[a-z-]+s\b/u;
const asksVerse = /\b(?:write|compose|create|generate|turn\b[^.?!]{1,60}\binto)\b[^.?!]{0,40}\b(?:poem|song|lyrics|rap|haiku|limerick|sonnet|verses?|ballad)\b/u;
const asksLimit = /\b(?:in|with|using|under|within|exceed(?:ing)?|less than|fewer than|at most|no more than|maximum(?: of)?|up to|limit(?:ed)? to) (\d{1,4}) words\b/u;
