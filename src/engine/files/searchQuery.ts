import { runInNewContext } from 'node:vm';
import { errorMessage } from '../../base/errorMessage';

export interface SearchQuery {
  readonly text: string;
  /** `text` is a regular expression, as JavaScript writes it, over the raw line. */
  readonly regex?: boolean | undefined;
  readonly caseSensitive?: boolean | undefined;
}

/** What cannot be searched for; the message is one sentence for a person. */
export class SearchError extends Error {
  override readonly name = 'SearchError';
}

/** The ways in which a text may be spelled inside a line: as it is, as JSON must escape it, and with everything but ASCII escaped. */
export function spellings(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const upper = ascii.replaceAll(/\\u[\da-f]{4}/g, (escape) => `\\u${escape.slice(2).toUpperCase()}`);
  const all = [text, json, ascii, upper];
  return [...new Set([...all, ...all.map((spelling) => spelling.replaceAll('/', String.raw`\/`))])].filter((spelling) => !/[\r\n]/.test(spelling));
}

/** @throws SearchError for an empty text and for what is no regular expression. */
export function patternOf({ text, regex = false, caseSensitive = false }: SearchQuery): RegExp {
  if (text === '') throw new SearchError('Nothing to search for: type a word, or a part of one.');
  const source = regex ? text : spellings(text).map((spelling) => spelling.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)).join('|');
  try {
    return new RegExp(source, caseSensitive ? 'u' : 'iu');
  } catch (error) {
    throw new SearchError(`This is no regular expression: ${errorMessage(error).replace(/^Invalid regular expression: /u, '')}.`, { cause: error });
  }
}

/** An expression may take for ever on one line: after this long it is given up. */
const patienceMs = 2000;

/**
 * The first match in each line, by its index.
 *
 * @throws SearchError when the expression takes too long.
 */
export function matchLines(pattern: RegExp, lines: readonly string[], atMost: number): { readonly line: number; readonly start: number; readonly end: number }[] {
  const found: { line: number; start: number; end: number }[] = [];
  const search = () => {
    for (const [line, text] of lines.entries()) {
      const match = pattern.exec(text);
      if (match && match[0] !== '') found.push({ line, start: match.index, end: match.index + match[0].length });
      if (found.length >= atMost) return;
    }
  };
  try {
    // The only way to stop a regular expression that backtracks without end.
    runInNewContext('search()', { search }, { timeout: patienceMs });
  } catch (error) {
    // The other context has an `Error` of its own.
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new SearchError('The expression takes too long on these lines: make it simpler, or search for plain text.', { cause: error });
    throw error;
  }
  return found;
}
