/**
 * Does a response open by declining? Phrases of English assistants within the first 200 characters; a hint for people, not a score.
 */
export function looksLikeRefusal(response: string): boolean {
  return refusal.test(response.slice(0, 200).replaceAll('’', "'"));
}

const refusal = new RegExp(
  [
    String.raw`\bI(?:'m| am)(?: (?:very|so|truly|really))? sorry,? (?:but|I (?:can|am|do))`,
    String.raw`\bI(?:'m| am)(?: \w+)? (?:unable|not able) to\b`,
    String.raw`\bI (?:cannot|can't|can not|won't|will not|must decline to|have to decline)\b`,
    String.raw`\bas an? (?:\w+ )?(?:AI|language model|AI language model|assistant),? I (?:cannot|can't|do not|don't|am|'m)`,
    String.raw`\bI do(?: not|n't) (?:feel comfortable|have the ability|have access)\b`,
  ].join('|'),
  'iu',
);
