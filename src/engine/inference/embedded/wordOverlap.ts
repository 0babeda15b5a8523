import { shapeLimit } from './textShape';

export interface WordOverlap {
  /** How much of what the prompt names comes back, 0..1, saturating: a third of it counts as nearly all. */
  readonly coverage: number;
  /** Share of the response's own content words that the prompt holds, saturating. */
  readonly onPrompt: number;
  /** Distinct content words of the response. */
  readonly contentWords: number;
}

/** Compares content words by rough stems; function words and the vocabulary of instructing are left out. */
export function wordOverlap(prompt: string, response: string): WordOverlap {
  const asked = contentStems(prompt);
  const answered = contentStems(response);
  let shared = 0;
  for (const stem of answered) if (asked.has(stem)) shared++;
  return {
    coverage: asked.size === 0 ? 0.5 : 1 - Math.exp(-(4 * shared) / asked.size),
    onPrompt: answered.size === 0 ? 0.5 : 1 - Math.exp(-(6 * shared) / answered.size),
    contentWords: answered.size,
  };
}

/** Distinct content words, as rough stems. */
export function contentWordCount(text: string): number {
  return contentStems(text).size;
}

const word = /[\p{L}\p{N}]{2,}/gu;

function contentStems(text: string): Set<string> {
  const stems = new Set<string>();
  for (const [found] of text.slice(0, shapeLimit).toLowerCase().matchAll(word)) {
    if (!commonWords.has(found)) stems.add(stem(found));
  }
  return stems;
}

/** Cuts common English endings, then keeps the first seven letters. */
function stem(found: string): string {
  const cut = found.length > 4 ? found.replace(/(?:ies|ing|ed|es|s|ly|y|e)$/u, '') : found.replace(/s$/u, '');
  return cut.slice(0, 7);
}

const commonWords = new Set(
  (
    'a about above after again all also am an and any are as at be because been before being below between both but by can could did do does doing ' +
    'down during each either else even every few for from further get give given gives go had has have having he her here hers him his how however i if in into ' +
    'is it its just like made make makes many may me more most much must my no nor not now of off on once one only or other our out over own per please ' +
    'same she should so some such than that the their them then there these they this those through to too two under until up us use used uses using very was ' +
    'we were what when where which while who whom whose why will with within without would you your ' +
    'write writes list lists generate create provide describe explain following answer question sentence sentences statement text paragraph output input ' +
    'example examples instruction task name find identify suggest tell rewrite classify summarize summarise compose construct design produce come three four ' +
    'five words word information based sure here noinput'
  ).split(' '),
);
