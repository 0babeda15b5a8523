/**
 * Words as NLTK's `word_tokenize` counts them: Punkt sentence split, then the Treebank-style word tokenizer.
 */
export function countWords(text: string): number {
  return text.split(/\s+/u).filter((word) => word !== '').length;
}
